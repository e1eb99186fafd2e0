import { Gate } from '../kit/gate.js';
import { useWords } from '../kit/preferences.js';
import { usePlace } from '../kit/route.js';
import type { Person } from '../kit/session.js';
import { start } from '../kit/start.js';
import { SitePage } from './site.js';
import { Sites } from './sites.js';
import { managerWords } from './words.js';

function Page() {
  const words = useWords(managerWords);
  return (
    <Gate title={words.title} roles={['manager', 'officer']}>
      {(person) => <Views key={person.personId} who={person} />}
    </Gate>
  );
}

/** `#/sites/<siteId>` is a site's round; anything else the choice of a site. */
function Views({ who }: { who: Person }) {
  const { path } = usePlace();
  const siteId = path[0] === 'sites' ? path[1] : undefined;
  return siteId ? <SitePage key={siteId} siteId={siteId} who={who} /> : <Sites key="sites" />;
}

start(<Page />);
