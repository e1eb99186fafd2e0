import { useWords } from '../kit/preferences.js';
import { hashOfView, levelBelow, linesOf, type View } from './view.js';
import { bureauWords } from './words.js';

interface Props {
  readonly view: View;
  readonly home: string | undefined;
}

/** Where the table stands in the district, with the way back up as far as the reader may go. */
export function Lines({ view, home }: Props) {
  const words = useWords(bureauWords);
  const lines = linesOf(view.areaCode).filter(({ areaCode }) => areaCode.length >= (home?.length ?? 0));
  return (
    <nav class="lines" aria-label={words.where}>
      <ol>
        {lines.map(({ areaCode, name }) => (
          <li key={areaCode}>
            <a
              href={hashOfView({ ...view, areaCode, level: levelBelow(areaCode) })}
              aria-current={areaCode === view.areaCode ? 'location' : undefined}
            >
              {name}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
