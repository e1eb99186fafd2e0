import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bureau } from '../../shared/city/bureau.js';
import { everywhere } from '../../shared/privacy/notice-texts/everywhere.js';
import { type Notice, noticeInForce, notices, purposes } from '../../shared/privacy/notices.js';
import { keptWords, retention } from '../../shared/privacy/retention.js';

const languages = ['zh-CN', 'en'] as const;
const named = notices.map((notice) => [`${notice.purpose} ${notice.version}`, notice] as const);

describe('a notice', () => {
  test('exists for every purpose, in versions counted from one and later day by day', () => {
    for (const purpose of purposes) {
      const own = notices.filter((notice) => notice.purpose === purpose);
      expect(own.map(({ version }) => version)).toEqual(own.map((_, i) => i + 1));
      expect(own.map(({ fromDay }) => fromDay)).toEqual([...new Set(own.map(({ fromDay }) => fromDay))].sort());
      expect(noticeInForce(purpose, '2026-11-24')).toBeDefined();
      expect(noticeInForce(purpose, '2025-12-31')).toBeUndefined();
    }
  });

  test.each(named)('%s is whole in both languages', (_, notice) => {
    for (const language of languages) {
      const { title, what, why, kept, withdraw } = notice.text[language];
      for (const part of [title, what, why, kept, withdraw]) expect(part.trim()).toBe(part);
      expect(title.length).toBeGreaterThan(3);
      for (const part of [what, why, kept, withdraw]) expect(part).toMatch(language === 'en' ? /\.\)?$/ : /。$/);
      expect(what.length).toBeGreaterThan(25);
      // Chinese in Chinese; the English has Chinese names in brackets at most.
      if (language === 'zh-CN') expect(what + why + kept + withdraw).not.toMatch(/[A-Za-z]{3}/);
      else expect((what + why + kept + withdraw).replace(/\([^)]*\)/g, '')).not.toMatch(/\p{Script=Han}/u);
      expect(why).toContain(bureau[language]);
      expect(kept).toContain(everywhere[language].staff);
      expect(withdraw).toContain(everywhere[language].rights);
      expect(withdraw).toContain(everywhere[language].children);
      expect(withdraw).toContain(notice.optional ? everywhere[language].optional : everywhere[language].duty);
    }
  });

  test.each(named)('%s promises the periods of its classes, and no other', (_, notice) => {
    const classes = [notice.retention, ...notice.alsoKept];
    expect(new Set(classes).size).toBe(classes.length);
    for (const language of languages) {
      const { kept, what, why, withdraw } = notice.text[language];
      for (const name of classes) expect(kept).toContain(keptWords(name, language));
      const period = /\d+ (?:年|天|years?|days?)/g;
      expect(kept.match(period)?.length).toBe(classes.length);
      expect((what + why + withdraw).match(period)).toBeNull();
    }
    const { keepDays, keepYears } = { keepDays: undefined, keepYears: undefined, ...retention[notice.retention] };
    expect(notice.text['zh-CN'].kept).toContain(keepYears ? `保存 ${keepYears} 年` : `保存 ${keepDays} 天`);
  });

  test.each(named)('%s rests on consent exactly where it is optional, and names its article', (_, notice) => {
    expect(notice.basis.includes('consent')).toBe(notice.optional);
    expect(notice.text.en.why).toContain('PIPL article 13 (1)');
    expect(notice.text['zh-CN'].why).toContain('《个人信息保护法》第十三条第一款');
  });

  test.each(named)('%s invents no way to reach the bureau', (_, { text }) => {
    for (const language of languages) expect(Object.values(text[language]).join(' ')).not.toMatch(/\d{5,}|https?:|@|www\./);
  });

  /** Somebody agreed to these very words: a change is a new version, and a changed period is one for every notice that names it. */
  test('that was published keeps its words', () => {
    const digest = ({ text }: Notice) => createHash('sha256').update(JSON.stringify(text)).digest('hex').slice(0, 16);
    expect(Object.fromEntries(named.map(([name, notice]) => [name, digest(notice)]))).toEqual({
      'event_reminders 1': '9df1239b512008da',
      'lost_dog_contact 1': 'bffedda5ff3541d7',
      'photo_use 1': '5ebe388c9790d3d7',
      'registration 1': '9e2452cfa7b2001d',
      'sorting_record 1': 'd58c2f1384e7b43e',
    });
  });
});

test('the newest version whose day has come is in force', () => {
  const one = notices[0] as Notice;
  const among = [one, { ...one, version: 2, fromDay: '2027-03-01' }];
  const on = (day: string) => noticeInForce(one.purpose, day, among)?.version;
  expect([on('2025-12-31'), on('2026-01-01'), on('2027-02-28'), on('2027-03-01')]).toEqual([undefined, 1, 1, 2]);
});
