// Runs before `npm start` and `npm test`, with nothing installed yet: installs what the lock file names, if that is missing or stale.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const changedAt = (path) => statSync(new URL(path, root), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node 20.19 or later is needed; this is ${process.versions.node}.`);
  process.exit(1);
}
// npm writes this file at the very end of an installation.
if (changedAt('node_modules/.package-lock.json') < changedAt('package-lock.json')) {
  console.log('Installing packages …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  process.exit(status ?? 1);
}
