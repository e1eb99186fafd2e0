const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

/**
 * A cron line of five fields as EventBridge Scheduler writes it. There a day of the month or a weekday must be left
 * open by `?`, a year is wanted, and Sunday is 1: so weekdays go by name.
 * @throws for what would mean something else there: steps, names, or a day and a weekday together
 */
export function schedulerCron(line: string): string {
  const [minute, hour, day, month, weekday, ...rest] = line.split(' ');
  const fields = [minute, hour, day, month, weekday];
  if (rest.length || !fields.every((field) => field === '*' || /^\d+([,-]\d+)*$/.test(field ?? '')) || (day !== '*' && weekday !== '*')) {
    throw new Error(`${line}: five fields of numbers, ranges, lists or *, with a day or a weekday but not both`);
  }
  if (weekday === '*') return `cron(${minute} ${hour} ${day} ${month} ? *)`;
  const named = weekday?.replace(/\d+/g, (number) => {
    const name = weekdays[Number(number)];
    if (!name) throw new Error(`${line}: a weekday is 0 to 7`);
    return name;
  });
  return `cron(${minute} ${hour} ? ${month} ${named} *)`;
}
