import { checkCharacterOf } from '../../../shared/accounts/identity.js';
import type { Home, Identity } from '../../../shared/accounts/person.js';
import { areas } from '../../../shared/city/areas.js';
import type { Role } from '../../../shared/http/contract.js';
import type { RegisterEntry } from '../../../shared/places/register.js';
import { hasHouseholds, type SiteType, siteTypes } from '../../../shared/places/rules.js';
import type { Chance } from './chance.js';

/** An invented city on the real map: 120 sites, 72 of them with 20,000 households in all. Names and numbers are made up. */
export interface DemoPerson {
  readonly personId: string;
  readonly role: Role;
  readonly name?: string;
  readonly phone: string;
  readonly areaCode?: string;
  readonly home?: Home;
  readonly identity?: Identity;
}
export interface DemoSite {
  readonly siteId: string;
  readonly name: string;
  readonly siteType: SiteType;
  readonly areaCode: string;
  readonly organisation: string;
  readonly manager: DemoPerson;
  readonly households: readonly RegisterEntry[];
}

const householdsInAll = 20_000;
const sitesOfType: Record<SiteType, number> = {
  estate: 48,
  urban_village: 24,
  school: 12,
  office: 9,
  industrial_park: 9,
  agency: 6,
  public_place: 5,
  catering: 4,
  hotel: 3,
};
const first = [
  '翠湖',
  '金桂',
  '锦绣',
  '阳光',
  '滨河',
  '绿地',
  '和谐',
  '康乐',
  '文昌',
  '桃源',
  '枫林',
  '东风',
  '华清',
  '幸福',
  '宏发',
  '龙光',
];
const last: Record<SiteType, readonly string[]> = {
  estate: ['花园', '雅苑', '家园', '新村', '公馆', '名庭'],
  urban_village: ['围村', '新围', '老村', '旧围'],
  agency: ['办公楼', '政务中心'],
  school: ['小学', '中学', '幼儿园'],
  public_place: ['广场', '公园'],
  industrial_park: ['工业园', '科技园'],
  hotel: ['酒店'],
  catering: ['美食城'],
  office: ['大厦', '中心'],
};
const surnames = ['陈', '李', '黄', '张', '林', '王', '吴', '刘', '蔡', '杨', '许', '郑', '谢', '郭', '曾', '彭'];
const givenNames = ['立', '敏', '伟明', '晓燕', '志强', '丽华', '建国', '秀英', '海涛', '雪梅', '文杰', '慧', '俊', '嘉欣'];

/** Valid numbers, of the 199 range and plainly made up. Nothing is sent to them: local messages stay in the outbox. */
const phone = (n: number) => `+8619900${String(n).padStart(6, '0')}`;

export function demoPeople(dice: Chance) {
  let n = 0;
  const person = (role: Role, areaCode?: string): DemoPerson => ({
    personId: dice.uuid(),
    role,
    name: dice.pick(surnames) + dice.pick(givenNames),
    phone: phone(++n),
    ...(areaCode ? { areaCode } : {}),
  });
  const streets = areas.filter(({ level }) => level === 'street');
  const bureau = person('bureau');
  const officers = streets.map(({ areaCode }) => person('officer', areaCode));
  const managers = Array.from({ length: 30 }, () => person('manager'));
  const clinic = person('clinic');
  const residents = Array.from({ length: 12 }, () => ({ ...person('resident'), home: homeOf(dice), identity: identityOf(dice) }));
  return { bureau, officers, managers, clinic, residents };
}

function homeOf(dice: Chance): Home {
  const { areaCode } = dice.pick(areas.filter(({ level }) => level === 'community'));
  return { areaCode, line: `${dice.pick(first)}${dice.pick(last.estate)}${dice.whole(1, 12)}栋${dice.whole(1, 28)}0${dice.whole(1, 4)}` };
}

/** A number that keeps every rule and is nobody's: of the county that GB 11643 itself takes for its example. */
function identityOf(dice: Chance): Identity {
  const two = (n: number) => String(n).padStart(2, '0');
  const body = `110105${dice.whole(1950, 2005)}${two(dice.whole(1, 12))}${two(dice.whole(1, 28))}${String(dice.whole(0, 999)).padStart(3, '0')}`;
  return { kind: 'resident_id', number: `${body}${checkCharacterOf(body)}` };
}

export function demoSites(dice: Chance, managers: readonly DemoPerson[]): DemoSite[] {
  const communities = areas.filter(({ level }) => level === 'community');
  const types = siteTypes.flatMap((siteType) => Array<SiteType>(sitesOfType[siteType]).fill(siteType));
  const sizes = sizesOf(dice, types.filter(hasHouseholds).length);
  const taken = new Set<string>();
  return types.map((siteType, i) => {
    const community = communities[(i * 7) % communities.length] as (typeof communities)[number];
    const name = nameOf(dice, siteType, community.name.replace(/社区$/, ''), taken);
    return {
      siteId: dice.uuid(),
      name,
      siteType,
      areaCode: community.areaCode,
      organisation: hasHouseholds(siteType) ? `${dice.pick(first)}物业服务有限公司` : name,
      manager: managers[i % managers.length] as DemoPerson,
      households: hasHouseholds(siteType) ? householdsOf(dice, sizes[i] as number) : [],
    };
  });
}

/** Sizes between about 120 and 500 that add up exactly. */
function sizesOf(dice: Chance, sites: number): number[] {
  const weights = Array.from({ length: sites }, () => dice.whole(120, 440));
  const sum = weights.reduce((a, b) => a + b, 0);
  const sizes = weights.map((weight) => Math.floor((weight * householdsInAll) / sum));
  sizes[0] = (sizes[0] as number) + householdsInAll - sizes.reduce((a, b) => a + b, 0);
  return sizes;
}

function nameOf(dice: Chance, siteType: SiteType, community: string, taken: Set<string>): string {
  for (let tries = 0; ; tries++) {
    const stem = siteType === 'urban_village' ? community : dice.pick(first);
    const name = `${stem}${dice.pick(last[siteType])}${tries < 8 ? '' : `${tries - 6}期`}`;
    if (!taken.has(name)) {
      taken.add(name);
      return name;
    }
  }
}

/** Buildings of two units, eleven floors and two flats a floor; one household in twelve stands empty. */
function householdsOf(dice: Chance, count: number): RegisterEntry[] {
  return Array.from({ length: count }, (_, i) => {
    const flat = `${(Math.floor(i / 2) % 11) + 1}0${(i % 2) + 1}`;
    const unit = (Math.floor(i / 22) % 2) + 1;
    const building = Math.floor(i / 44) + 1;
    return { householdNo: i + 1, label: `${building}栋${unit}单元${flat}`, occupied: !dice.happens(1 / 12) };
  });
}
