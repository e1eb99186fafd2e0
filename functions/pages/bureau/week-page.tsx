import { useState } from 'preact/hooks';
import { Frame } from '../kit/frame.js';
import { useWords } from '../kit/preferences.js';
import type { Person } from '../kit/session.js';
import { Choices } from './choices.js';
import { Lines } from './lines.js';
import { Revisions } from './revisions.js';
import { Trend } from './trend.js';
import type { View } from './view.js';
import { WeekTable } from './week-table.js';
import { bureauWords } from './words.js';

/** A week at a level: the table, and beside it how the area has been doing and what was counted when. */
export function WeekPage({ view, who }: { view: View; who: Person }) {
  const words = useWords(bureauWords);
  const [revised, setRevised] = useState(0);
  return (
    <Frame title={words.title} wide>
      <Choices view={view} />
      <Lines view={view} />
      <div class="columns">
        <WeekTable view={view} turn={revised} />
        <div class="aside">
          <Trend view={view} turn={revised} />
          <Revisions key={view.week} view={view} mayRevise={who.role === 'bureau'} revised={() => setRevised((n) => n + 1)} />
        </div>
      </div>
    </Frame>
  );
}
