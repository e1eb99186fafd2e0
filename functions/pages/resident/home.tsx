import { areaOf } from '../../../shared/city/areas.js';
import { phoneWords } from '../kit/figures.js';
import { Frame } from '../kit/frame.js';
import { IconForward } from '../kit/icons.js';
import { useLoad } from '../kit/load.js';
import { Loaded } from '../kit/loaded.js';
import { useWords } from '../kit/preferences.js';
import { call, type Reply } from '../kit/service.js';
import type { Person } from '../kit/session.js';
import { kitWords } from '../kit/words.js';
import { residentWords } from './words.js';

/** Who I am, and what there is for me. Nothing is announced that cannot be used. */
export function Home({ who }: { who: Person }) {
  const words = useWords(residentWords);
  const me = useLoad(who.personId, () => call('GET /v1/me'));
  return (
    <Frame title={words.title}>
      <h2>{words.me}</h2>
      <Loaded of={me}>{(person) => <Me person={person} />}</Loaded>
      <h2>{words.services}</h2>
      <Services role={who.role} />
    </Frame>
  );
}

function Me({ person }: { person: Reply<'GET /v1/me'> }) {
  const words = useWords(residentWords);
  const { roles } = useWords(kitWords);
  const area = person.scope.areaCode && areaOf(person.scope.areaCode)?.name;
  const facts = [
    [words.name, person.name ?? words.noName],
    [words.role, roles[person.role]],
    [words.phone, phoneWords(person.phone)],
    [words.wechat, person.wechatLinked ? words.wechatLinked : words.wechatNotLinked],
    ...(area ? [[words.area, area]] : []),
  ];
  return (
    <dl class="weui-cells facts">
      {facts.map(([term, fact]) => (
        <div class="weui-cell" key={term}>
          <dt>{term}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

function Services({ role }: { role: Person['role'] }) {
  const words = useWords(residentWords);
  if (role === 'resident') return <p class="notice">{words.residentNone}</p>;
  if (role === 'clinic') return <p class="notice">{words.clinicNone}</p>;
  return (
    <ul class="weui-cells links">
      {role !== 'bureau' && <Service href="/manager" name={words.manager} what={words.managerWhat} />}
      {role !== 'manager' && <Service href="/bureau" name={words.bureau} what={words.bureauWhat} />}
    </ul>
  );
}

function Service({ href, name, what }: { href: string; name: string; what: string }) {
  return (
    <li>
      <a class="weui-cell links__link" href={href}>
        <span class="links__words">
          <strong>{name}</strong>
          <small>{what}</small>
        </span>
        <IconForward />
      </a>
    </li>
  );
}
