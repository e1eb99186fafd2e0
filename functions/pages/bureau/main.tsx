import { Gate } from '../kit/gate.js';
import { useWords } from '../kit/preferences.js';
import { usePlace } from '../kit/route.js';
import type { Person } from '../kit/session.js';
import { start } from '../kit/start.js';
import { viewOf } from './view.js';
import { WeekPage } from './week-page.js';
import { bureauWords } from './words.js';

function Page() {
  const words = useWords(bureauWords);
  return (
    <Gate title={words.title} roles={['bureau', 'officer']}>
      {(person) => <Views key={person.personId} who={person} />}
    </Gate>
  );
}

/** An officer begins at the own street, the bureau at the district. */
function Views({ who }: { who: Person }) {
  const place = usePlace();
  return <WeekPage who={who} view={viewOf(place, who.scope.areaCode, new Date())} />;
}

start(<Page />);
