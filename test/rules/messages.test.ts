import { describe, expect, test } from 'vitest';
import { messagesContract } from '../../shared/messages/contract.js';
import { channelsToTry, mostTries, nextTryAt, sendableAt, stateAfter } from '../../shared/messages/rules.js';
import { type Content, templateNames, templates, textOf, wordingOf } from '../../shared/messages/templates.js';
import { fill, wordings } from '../../shared/messages/wordings.js';

const at = (cityTime: string) => new Date(`${cityTime}+08:00`);

describe('quiet hours', () => {
  test.each([
    ['at 21:59 a message goes out', '2026-11-24T21:59:59.999', '2026-11-24T21:59:59.999'],
    ['at 22:00 it waits for tomorrow morning', '2026-11-24T22:00', '2026-11-25T08:00'],
    ['at 23:59 too', '2026-11-24T23:59:59.999', '2026-11-25T08:00'],
    ['past midnight it waits for the morning of that day', '2026-11-25T00:00', '2026-11-25T08:00'],
    ['at 07:59 it waits a minute', '2026-11-25T07:59', '2026-11-25T08:00'],
    ['at 08:00 it goes out', '2026-11-25T08:00', '2026-11-25T08:00'],
    ['on the last evening of the year it waits for the new one', '2026-12-31T22:30', '2027-01-01T08:00'],
  ])('%s', (_, due, sent) => {
    expect(sendableAt(at(due), false)).toEqual(at(sent));
    expect(sendableAt(at(due), true)).toEqual(at(due));
  });
});

test('a message is tried after 1, 5, 15, 60 and 240 minutes, and then given up', () => {
  const now = at('2026-11-24T10:00');
  const minutes = [1, 2, 3, 4, 5, 6].map((tries) => {
    const next = nextTryAt(tries, now);
    return next && (next.getTime() - now.getTime()) / 60_000;
  });
  expect(minutes).toEqual([1, 5, 15, 60, 240, undefined]);
  expect(mostTries).toBe(6);
});

describe('channels', () => {
  const both = ['sms', 'wechat'] as const;
  test.each([
    ['those chosen', 'both', both, {}, ['sms', 'wechat']],
    ['SMS alone, where that is chosen', 'sms', both, {}, ['sms']],
    ['none again that has taken the message', 'both', both, { sms: 'sent' }, ['wechat']],
    ['SMS where WeChat is chosen and does not reach the person', 'wechat', ['sms'], {}, ['sms']],
    ['SMS where WeChat is chosen and refused for good', 'wechat', both, { wechat: 'failed' }, ['sms']],
    ['nothing else while WeChat may still take it', 'wechat', both, { wechat: 'retry' }, []],
    ['nothing more where both refused', 'both', both, { sms: 'failed', wechat: 'failed' }, []],
    ['nothing where the person cannot be reached', 'both', [], {}, []],
  ] as const)('to try are %s', (_, choice, reachable, outcomes, tried) => {
    expect(channelsToTry(choice, reachable, outcomes)).toEqual(tried);
  });

  test.each([
    ['sent', { sms: 'sent' }, 1],
    ['sent', { sms: 'sent', wechat: 'failed' }, 1],
    ['waiting', { sms: 'sent', wechat: 'retry' }, 5],
    ['sent', { sms: 'sent', wechat: 'retry' }, 6],
    ['waiting', { sms: 'retry' }, 5],
    ['given_up', { sms: 'retry' }, 6],
    ['failed', { sms: 'failed' }, 1],
    ['failed', {}, 1],
  ] as const)('leave a message %s that they made %o of in try %i', (state, outcomes, tries) => {
    expect(stateAfter(outcomes, tries)).toBe(state);
  });
});

const examples: readonly Content[] = [
  { template: 'sign_in_code', params: { code: '204817', purpose: 'sign_in' } },
  { template: 'sign_in_code', params: { code: '204817', purpose: 'change_phone' } },
  { template: 'sign_in_code', params: { code: '204817', purpose: 'guardian_consent' } },
  { template: 'role_changed', params: { role: 'manager' } },
  { template: 'role_changed', params: { role: 'officer', areaName: '光明街道' } },
  { template: 'site_assigned', params: { siteName: '翠湖花园三期' } },
  { template: 'session_reuse_ended', params: {} },
  { template: 'phone_changed', params: { maskedPhone: '138****8000' } },
  { template: 'account_erased', params: {} },
  { template: 'wechat_linked', params: {} },
  { template: 'bulk_reveals', params: { count: 240 } },
];

describe('texts', () => {
  test('there is an example of every template and every wording', () => {
    expect(new Set(examples.map(({ template }) => template))).toEqual(new Set(templateNames));
    expect(new Set(examples.map((content) => wordingOf(content, 'en').wording))).toEqual(new Set(Object.keys(wordings)));
  });
  test.each(examples)('$template $params: both languages, signed, every gap filled', (content) => {
    expect(templates[content.template].params.parse(content.params)).toEqual(content.params);
    for (const language of ['zh-CN', 'en'] as const) {
      const { wording, variables } = wordingOf(content, language);
      const gaps = [...wordings[wording][language].matchAll(/\{(\d)\}/g)].map(([, position]) => Number(position));
      expect(gaps.sort()).toEqual(variables.map((_, i) => i + 1));
      const text = textOf(content.template, content.params, language);
      expect(text).toMatch(/^【共治】[^{}]+$/);
    }
    expect(textOf(content.template, content.params, 'zh-CN').length).toBeLessThanOrEqual(70);
    expect(textOf(content.template, content.params, 'zh-CN')).not.toBe(textOf(content.template, content.params, 'en'));
  });
  test('a code says what it is for and warns never to pass it on', () => {
    const codes = examples.filter(({ template }) => template === 'sign_in_code');
    for (const { template, params } of codes) {
      expect(textOf(template, params, 'zh-CN')).toMatch(/204817.*用于(登录|更换登录手机号|监护人同意未满14周岁的孩子).*切勿告诉/);
      expect(textOf(template, params, 'en')).toMatch(
        /204817.* to (sign in|change your phone|consent, as a guardian, to a child under 14).*ever pass it on/,
      );
    }
  });
  test('a variable is taken as it is, whatever stands in it', () => {
    expect(fill('a {1} b {2}', ['{2} $& $1', 'x'])).toBe('a {2} $& $1 b x');
  });
  test('the example of the list is the text as it is sent', () => {
    const [{ text }] = messagesContract['GET /v1/me/messages'].example.ok.messages;
    const params = { siteName: '翠湖花园' };
    expect(text).toEqual({ zh: textOf('site_assigned', params, 'zh-CN'), en: textOf('site_assigned', params, 'en') });
  });
});
