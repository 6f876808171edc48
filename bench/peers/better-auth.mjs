// better-auth over its PostgreSQL adapter, for bench/run peers: one process per core, as Node's documentation advises. Its settings
// are the defaults, except that calls are not limited.
//
// node better-auth.mjs fill DATABASE_URL USERS SESSIONS PASSWORD MORE_USERS
//   creates the tables, users with sessions, and users with a password only; prints the cookie of each session
// node better-auth.mjs serve DATABASE_URL PORT
import cluster from 'node:cluster';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { availableParallelism } from 'node:os';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';

const secret = '7c2f0f4a9be94d1f8e0b6a5d3c1e9f27';
const [command, connectionString, ...rest] = process.argv.slice(2);
const port = command === 'serve' ? Number(rest[0]) : 3000;
const database = new pg.Pool({ connectionString });
const auth = betterAuth({
  baseURL: `http://127.0.0.1:${port}`,
  secret,
  database,
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});

// The session cookie as better-auth signs it.
function cookie(token) {
  const signature = createHmac('sha256', secret).update(token).digest('base64');
  return `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
}

async function fill(users, sessions, password, moreUsers) {
  await (await getMigrations(auth.options)).runMigrations();
  const context = await auth.$context;
  const hash = await context.password.hash(password);
  const lines = [];
  for (let i = 0; i < users + moreUsers; i++) {
    const user = await context.internalAdapter.createUser({ email: `ada${i}@example.com`, name: 'Ada', emailVerified: true });
    await context.internalAdapter.linkAccount({ userId: user.id, accountId: user.id, providerId: 'credential', password: hash });
    for (let j = 0; i < users && j < sessions; j++) {
      lines.push(cookie((await context.internalAdapter.createSession(user.id)).token));
    }
  }
  console.log(lines.join('\n'));
  await database.end();
}

if (command === 'fill') {
  await fill(Number(rest[0]), Number(rest[1]), rest[2], Number(rest[3]));
} else if (cluster.isPrimary) {
  for (let i = 0; i < availableParallelism(); i++) {
    cluster.fork();
  }
  process.on('SIGTERM', () => {
    cluster.disconnect(() => process.exit(0));
    setTimeout(() => process.exit(0), 2000);
  });
} else {
  createServer(toNodeHandler(auth)).listen(port, '127.0.0.1');
}
