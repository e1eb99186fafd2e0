import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';

/** `npm test`: types, lint, then every test; ends with one plain line of counts. Nothing tested counts as failed. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
}

const only = process.argv.slice(2);
const reportFile = '.build/test-report.json';
mkdirSync('.build', { recursive: true });
rmSync(reportFile, { force: true });

const run = (name: string, command: string, args: readonly string[]): boolean => {
  const startedAt = Date.now();
  const { status } = spawnSync(`node_modules/.bin/${command}`, args, { stdio: 'inherit', env: { ...process.env, FORCE_COLOR: '0' } });
  console.log(`${name}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  return status === 0;
};

const checks = [run('types', 'tsc', ['--noEmit']), run('lint', 'biome', ['ci', '--error-on-warnings'])];
const tested = run('tests', 'vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...only]);

const { passed, failed, skipped } = counted();
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 && passed > checks.length ? 0 : 1);

function counted(): { passed: number; failed: number; skipped: number } {
  const good = checks.filter(Boolean).length;
  const bad = checks.length - good;
  try {
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
    // A file that could not be loaded, or an error outside every test, has no test to count: it is one failure.
    const failed = Math.max(report.numFailedTests, report.success && tested ? 0 : 1);
    return { passed: good + report.numPassedTests, failed: bad + failed, skipped: report.numPendingTests };
  } catch {
    return { passed: good, failed: bad + 1, skipped: 0 };
  }
}
