import { dayWords, weekdayWords } from '../kit/figures.js';
import { useHeld } from '../kit/held.js';
import { language, useWords } from '../kit/preferences.js';
import { managerWords } from './words.js';

interface Props {
  readonly days: readonly string[];
  readonly day: string;
  readonly today: string;
  readonly choose: (day: string) => void;
}

/** The days that are open. Earlier weeks are closed, and nothing is logged ahead of time. */
export function DayChoice({ days, day, today, choose }: Props) {
  const words = useWords(managerWords);
  const tongue = useHeld(language);
  return (
    <fieldset class="days">
      <legend>{words.chooseDay}</legend>
      <div class="days__choices">
        {days.map((open) => (
          <label class="days__day" key={open}>
            <input type="radio" name="day" value={open} checked={open === day} onChange={() => choose(open)} />
            <span>{open === today ? words.today : weekdayWords(open, tongue)}</span>
            <small>{dayWords(open, tongue)}</small>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
