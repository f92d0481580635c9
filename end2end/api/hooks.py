"""Signs in for Schemathesis: anew for every request, because some of them sign out."""

import os

import requests
import schemathesis


@schemathesis.auth(refresh_interval=None)
class Bearer:
    def get(self, case, context):
        answer = requests.post(
            os.environ["API_URL"] + "/api/v1/sessions",
            json={"email": os.environ["API_EMAIL"], "password": os.environ["API_PASSWORD"]},
            timeout=10,
        )
        answer.raise_for_status()
        return answer.json()["access_token"]

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"
