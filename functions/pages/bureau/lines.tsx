import { useWords } from '../kit/preferences.js';
import { hashOfView, levelBelow, linesOf, type View } from './view.js';
import { bureauWords } from './words.js';

/** Where the table stands in the district, with the way back up. */
export function Lines({ view }: { view: View }) {
  const words = useWords(bureauWords);
  const lines = linesOf(view.areaCode);
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
