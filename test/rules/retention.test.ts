import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutoff, isDue, keptWords, type Retention, type RetentionClass, retention } from '../../shared/privacy/retention.js';
import { addDays, cityDay, startOfDay } from '../../shared/time/day.js';

const names = Object.keys(retention) as RetentionClass[];
const anyInstant = fc.date({ min: new Date('2020-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });

describe('a record is due', () => {
  test.each([
    // 180 days from the 24th, of which the 24th is none: the last is 2026-05-23, to its midnight in the city.
    ['sent_messages', '2025-11-24T04:00:00.000Z', '2026-05-23T15:59:59.999Z', false],
    ['sent_messages', '2025-11-24T04:00:00.000Z', '2026-05-23T16:00:00.000Z', true],
    ['check_ins', '2023-11-24T04:00:00.000Z', '2026-11-24T15:59:59.999Z', false],
    ['check_ins', '2023-11-24T04:00:00.000Z', '2026-11-24T16:00:00.000Z', true],
    // 16:00 UTC is the next day of the city.
    ['check_ins', '2023-11-24T16:00:00.000Z', '2026-11-24T16:00:00.000Z', false],
    // A period that began on 29 February ends with February.
    ['check_ins', '2024-02-29T04:00:00.000Z', '2027-02-28T15:59:59.999Z', false],
    ['check_ins', '2024-02-29T04:00:00.000Z', '2027-02-28T16:00:00.000Z', true],
    ['job_runs', '2027-02-28T04:00:00.000Z', '2028-02-28T16:00:00.000Z', true],
    ['job_runs', '2027-03-01T04:00:00.000Z', '2028-02-28T16:00:00.000Z', false],
    ['purge_certificates', '2026-11-24T04:00:00.000Z', '2036-11-24T16:00:00.000Z', true],
    // What has run out yesterday goes; what ran out today goes tomorrow.
    ['expired', '2026-11-24T15:59:59.999Z', '2026-11-24T16:00:00.000Z', true],
    ['expired', '2026-11-24T16:00:00.000Z', '2026-11-25T15:59:59.999Z', false],
    ['check_ins', 'some day', '2099-01-01T00:00:00.000Z', false],
  ] as const)('%s of %s at %s: %s', (name, at, now, due) => expect(isDue(name, at, new Date(now))).toBe(due));

  test('exactly when it lies before the cutoff, as text too', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), anyInstant, anyInstant, (name, at, now) => {
        expect(isDue(name, at.toISOString(), now)).toBe(at.toISOString() < cutoff(name, now));
      }),
    );
  });
  test('for good, and never before its days are over', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), anyInstant, anyInstant, fc.nat(4000), (name, at, now, later) => {
        const { keepDays, keepYears }: Retention = retention[name];
        const shortest = keepDays ?? (keepYears ?? 0) * 365;
        if (isDue(name, at.toISOString(), now)) {
          expect(addDays(cityDay(at), shortest) < cityDay(now)).toBe(true);
          expect(isDue(name, at.toISOString(), new Date(now.getTime() + later * 3_600_000))).toBe(true);
        }
      }),
    );
  });
  test('as a whole day at a time', () => {
    for (const name of names) {
      const edge = cutoff(name, new Date('2026-11-24T04:00:00.000Z'));
      expect(startOfDay(cityDay(new Date(edge))).toISOString()).toBe(edge);
    }
  });
});

describe('a class', () => {
  test.each(names)('%s has a period, and words for it in both languages', (name) => {
    const { keepDays, keepYears, what, since, basis }: Retention = retention[name];
    expect([keepDays, keepYears].filter((count) => count !== undefined)).toHaveLength(1);
    for (const text of [what, since, basis].flatMap((both) => [both['zh-CN'], both.en])) expect(text).not.toBe('');
    if (keepDays === 0) return expect(keptWords(name, 'en')).toMatch(/erased once the day .* is over/);
    expect(keptWords(name, 'zh-CN')).toContain(keepYears ? `保存 ${keepYears} 年` : `保存 ${keepDays} 天`);
    expect(keptWords(name, 'en')).toMatch(new RegExp(`kept for ${keepYears ?? keepDays} ${keepYears ? 'year' : 'day'}`));
  });
  test('claims a law, or says that the bureau set it', () => {
    for (const name of names) expect(retention[name].basis.en).toMatch(/^PIPL article 56|^Set by the bureau; no law found/);
  });
  test('that PIPL 56 speaks of is kept for three years at least', () => {
    for (const name of names.filter((name) => retention[name].basis.en.startsWith('PIPL')))
      expect((retention[name] as Retention).keepYears).toBeGreaterThanOrEqual(3);
  });
});

test.each([
  [
    'sent_messages',
    '已发送的消息：自发送之日起保存 180 天，期满删除。',
    'Messages sent to you: kept for 180 days from the day they are sent, then erased.',
  ],
  [
    'job_runs',
    '后台任务的运行记录：自运行结束之日起保存 1 年，期满删除。',
    'The record of scheduled jobs: kept for 1 year from the day they end, then erased.',
  ],
] as const)('%s reads %s', (name, zh, en) => expect([keptWords(name, 'zh-CN'), keptWords(name, 'en')]).toEqual([zh, en]));
