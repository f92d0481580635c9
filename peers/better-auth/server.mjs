// better-auth on Node, as its documentation sets it up for production: e-mail and password, everything
// else at its default, rate limit and log off for the measurement.
//   PORT           port to listen on
//   DATABASE       path of an SQLite file, or a postgres:// address
//   COOKIE_CACHE   1 switches on the cache of the session in a signed cookie (off is the default)
//   WORKERS        all starts a process a core (one process is the default)
import cluster from "node:cluster";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import Database from "better-sqlite3";
import pg from "pg";

const { PORT, DATABASE, COOKIE_CACHE, WORKERS } = process.env;

const options = {
  baseURL: `http://localhost:${PORT}`,
  secret: "a secret of this measurement alone, and no other",
  database: DATABASE.startsWith("postgres") ? new pg.Pool({ connectionString: DATABASE }) : sqlite(DATABASE),
  emailAndPassword: { enabled: true },
  session: { cookieCache: { enabled: COOKIE_CACHE === "1" } },
  rateLimit: { enabled: false },
  logger: { disabled: true },
};

if (cluster.isPrimary) {
  await (await getMigrations(options)).runMigrations();
}
if (cluster.isPrimary && WORKERS === "all") {
  for (let core = 0; core < availableParallelism(); core++) cluster.fork();
} else {
  createServer(toNodeHandler(betterAuth(options))).listen(Number(PORT), "127.0.0.1");
}

function sqlite(path) {
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  return database;
}
