/** A line that fills up, on a terminal; elsewhere a line when a step is done. */
export function progressLine(out: NodeJS.WriteStream = process.stderr) {
  return (what: string, done: number, due: number): void => {
    if (!out.isTTY) {
      if (done === due) out.write(`  ${what}: ${done}\n`);
      return;
    }
    const filled = due ? Math.round((done / due) * 24) : 24;
    out.write(`\r  ${what.padEnd(12)} ${'█'.repeat(filled)}${'░'.repeat(24 - filled)} ${done}/${due}${done === due ? '\n' : ''}`);
  };
}
