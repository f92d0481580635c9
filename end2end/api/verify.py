"""A verifier that knows Monban by its JWKS only: reads a token a line, answers a verdict a line."""

import sys

import jwt

issuer, audience, max_age = sys.argv[1:]
keys = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json", lifespan=float(max_age))

for token in map(str.strip, sys.stdin):
    try:
        key = keys.get_signing_key_from_jwt(token)
        jwt.decode(token, key, algorithms=["EdDSA"], issuer=issuer, audience=audience)
        verdict = "accepted"
    except jwt.PyJWTError as error:
        verdict = f"refused: {error}"
    print(verdict, flush=True)
