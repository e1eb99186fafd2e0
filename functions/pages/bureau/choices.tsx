import { type SiteType, siteTypes } from '../../../shared/places/rules.js';
import { addWeeks } from '../../../shared/time/week.js';
import { weekWords } from '../kit/figures.js';
import { useHeld } from '../kit/held.js';
import { IconBack, IconForward } from '../kit/icons.js';
import { language, useWords } from '../kit/preferences.js';
import { hashOfView, levelsWithin, type View, weeksToChoose } from './view.js';
import { bureauWords } from './words.js';

/** The week, the level and the type of site. Each choice is a place of its own, so "back" undoes it. */
export function Choices({ view }: { view: View }) {
  const words = useWords(bureauWords);
  const tongue = useHeld(language);
  const go = (change: Partial<View>) => {
    location.hash = hashOfView({ ...view, ...change });
  };
  const weeks = weeksToChoose(new Date());
  const known = weeks.includes(view.week) ? weeks : [view.week, ...weeks];
  const later = addWeeks(view.week, 1);
  const toWeek = (week: string) => ({ ...view, week, revision: undefined });
  return (
    <div class="choices">
      <div class="choice">
        <label for="week">{words.week}</label>
        <div class="choice__week">
          <a class="step" href={hashOfView(toWeek(addWeeks(view.week, -1)))} aria-label={words.earlier}>
            <IconBack />
          </a>
          <select id="week" class="control" value={view.week} onChange={(event) => go(toWeek(event.currentTarget.value))}>
            {known.map((week) => (
              <option key={week} value={week}>
                {weekWords(week, tongue)}
              </option>
            ))}
          </select>
          {weeks.includes(later) ? (
            <a class="step" href={hashOfView(toWeek(later))} aria-label={words.later}>
              <IconForward />
            </a>
          ) : (
            <span class="step" />
          )}
        </div>
      </div>
      <div class="choice">
        <label for="level">{words.level}</label>
        <select
          id="level"
          class="control"
          value={view.level}
          onChange={(event) => go({ level: event.currentTarget.value as View['level'] })}
        >
          {levelsWithin(view.areaCode).map((level) => (
            <option key={level} value={level}>
              {words.levels[level]}
            </option>
          ))}
        </select>
      </div>
      <div class="choice">
        <label for="type">{words.siteType}</label>
        <select
          id="type"
          class="control"
          value={view.siteType ?? ''}
          onChange={(event) => go({ siteType: (event.currentTarget.value || undefined) as SiteType | undefined })}
        >
          <option value="">{words.allTypes}</option>
          {siteTypes.map((siteType) => (
            <option key={siteType} value={siteType}>
              {words.siteTypes[siteType]}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
