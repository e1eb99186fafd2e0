import { useState } from 'preact/hooks';
import { areaOf } from '../../../shared/city/areas.js';
import type { Site } from '../../../shared/places/contract.js';
import { hasHouseholds } from '../../../shared/places/rules.js';
import { Button } from '../kit/button.js';
import { reasonOf } from '../kit/faults.js';
import { Frame } from '../kit/frame.js';
import { IconForward } from '../kit/icons.js';
import { useLoad } from '../kit/load.js';
import { Empty, Loaded } from '../kit/loaded.js';
import { useWords } from '../kit/preferences.js';
import { hashOf } from '../kit/route.js';
import { call, type Reply } from '../kit/service.js';
import { kitWords } from '../kit/words.js';
import { managerWords } from './words.js';

type Page = Reply<'GET /v1/sites'>;

/** A manager's own sites, an officer's street's. Only those with households have check-ins. */
export function Sites() {
  const words = useWords(managerWords);
  const kit = useWords(kitWords);
  const sites = useLoad<Page>('sites', () => call('GET /v1/sites', { query: { limit: 200 } }));
  const [failed, setFailed] = useState<unknown>();
  const more = async (page: Page) => {
    setFailed(undefined);
    try {
      const next = await call('GET /v1/sites', { query: { limit: 200, cursor: page.nextCursor ?? undefined } });
      sites.put({ sites: [...page.sites, ...next.sites], nextCursor: next.nextCursor });
    } catch (error) {
      setFailed(error);
    }
  };
  return (
    <Frame title={words.sites}>
      <Loaded of={sites}>
        {(page) => (
          <>
            <List sites={page.sites.filter(({ siteType }) => hasHouseholds(siteType))} complete={page.nextCursor === null} />
            {failed !== undefined && <p role="alert">{reasonOf(failed, kit)}</p>}
            {page.nextCursor !== null && (
              <div class="actions">
                <Button kind="default" onClick={() => void more(page)}>
                  {words.moreSites}
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Frame>
  );
}

function List({ sites, complete }: { sites: readonly Site[]; complete: boolean }) {
  const words = useWords(managerWords);
  if (sites.length === 0) return complete ? <Empty>{words.sitesNone}</Empty> : null;
  return (
    <ul class="weui-cells links">
      {sites.map(({ siteId, name, siteType, areaCode, address }) => (
        <li key={siteId}>
          <a class="weui-cell links__link" href={hashOf(['sites', siteId])}>
            <span class="links__words">
              <strong>{name}</strong>
              <small>
                {[words.siteTypes[siteType as keyof typeof words.siteTypes], areaOf(areaCode)?.name, address].filter(Boolean).join(' · ')}
              </small>
            </span>
            <IconForward />
          </a>
        </li>
      ))}
    </ul>
  );
}
