import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InternalErrorException, InvalidParameterException, PublishCommand, SNSClient, ThrottledException } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { snsSms } from '../../functions/messages/sns-sms.js';
import { tencentAuthorization } from '../../functions/messages/tencent-signature.js';
import { tencentSms } from '../../functions/messages/tencent-sms.js';
import { DeliveryFailed, deliveryOf } from '../../functions/platform/messages.js';
import { type LocalSms, type SmsStandIn, standInTemplateIds, startSmsStandIn, textOfSms } from '../../infra/local/sms.js';

const phone = '+8613800138000';
const delivery = deliveryOf(
  '0c9f1f5e-58c9-4d6e-8d8e-6a3b7b0a2f11',
  { template: 'site_assigned', params: { siteName: '翠湖花园' } },
  'zh-CN',
);

/** The failure of a delivery, which must name neither the recipient nor the text. */
async function failureOf(sending: Promise<unknown>): Promise<{ code: string; retry: boolean }> {
  try {
    await sending;
  } catch (error) {
    expect(error).toBeInstanceOf(DeliveryFailed);
    const { code, retry, message, stack, cause } = error as DeliveryFailed;
    expect(`${message} ${stack} ${cause}`).not.toMatch(/13800138000|翠湖花园|secret/);
    return { code, retry };
  }
  throw new Error('it was delivered');
}

test('the signature is that of the example Tencent publishes with its API', () => {
  const key = { secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******', secretKey: 'Gu5t9xGARNpq86cd98joQYCN3*******' };
  const headers = { 'content-type': 'application/json; charset=utf-8', host: 'cvm.tencentcloudapi.com' };
  const body = '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}';
  expect(tencentAuthorization(key, 'cvm', headers, body, 1551113065)).toBe(
    `TC3-HMAC-SHA256 Credential=${key.secretId}/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, ` +
      'Signature=2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c',
  );
});

describe('SMS by Tencent', () => {
  const key = { secretId: 'AKIDlocal', secretKey: 'a-secret-of-the-stand-in' };
  const arrived: LocalSms[] = [];
  let standIn: SmsStandIn;
  let status: string | undefined;
  let clock = new Date('2026-11-24T04:00:00Z');
  beforeAll(async () => {
    standIn = await startSmsStandIn({ ...key, now: () => clock, onSms: (sms) => arrived.push(sms), statusOf: () => status });
  });
  afterAll(() => standIn.stop());
  beforeEach(() => {
    arrived.length = 0;
    status = undefined;
    clock = new Date('2026-11-24T04:00:00Z');
  });
  const sms = (other: Partial<Parameters<typeof tencentSms>[0]> = {}) =>
    tencentSms({
      ...key,
      appId: '1400006666',
      signName: '共治',
      templateIds: standInTemplateIds,
      endpoint: standIn.endpoint,
      now: () => clock,
      ...other,
    });
  const fresh = () => ({ ...delivery, messageId: crypto.randomUUID() });

  test('names the registered text and its variables, and the phone shows what we would show', async () => {
    const { providerId } = await sms().deliver(phone, delivery);
    expect(providerId).toMatch(/^[0-9a-f-]{36}$/);
    expect(arrived).toEqual([
      { to: phone, signName: '共治', templateId: 'site_assigned/zh-CN', variables: ['翠湖花园'], messageId: delivery.messageId },
    ]);
    expect(arrived.map(textOfSms)).toEqual([delivery.text]);
  });

  test('takes the text for abroad to a number outside the mainland, and the language of the person', async () => {
    const code = deliveryOf(crypto.randomUUID(), { template: 'sign_in_code', params: { code: '204817', purpose: 'sign_in' } }, 'en');
    await sms().deliver('+85261234567', code);
    expect(arrived).toMatchObject([{ templateId: 'code_for_sign_in/en/abroad', variables: ['204817', '5'] }]);
    expect(arrived.map(textOfSms)).toEqual([code.text]);
  });

  test('is handed to the phone once, however often one message is sent', async () => {
    const again = fresh();
    const first = await sms().deliver(phone, again);
    expect(await sms().deliver(phone, again)).toEqual(first);
    expect(arrived).toHaveLength(1);
  });

  test('is refused with a wrong secret, a strange id or a clock that is six minutes off, and may be tried again', async () => {
    expect(await failureOf(sms({ secretKey: 'another-secret' }).deliver(phone, fresh()))).toEqual({
      code: 'AuthFailure.SignatureFailure',
      retry: true,
    });
    expect(await failureOf(sms({ secretId: 'AKIDstranger' }).deliver(phone, fresh()))).toEqual({
      code: 'AuthFailure.SecretIdNotFound',
      retry: true,
    });
    for (const minutes of [-6, 6]) {
      const now = () => new Date(clock.getTime() + minutes * 60_000);
      expect(await failureOf(sms({ now }).deliver(phone, fresh()))).toEqual({ code: 'AuthFailure.SignatureExpire', retry: true });
    }
    await sms({ now: () => new Date(clock.getTime() - 4 * 60_000) }).deliver(phone, fresh());
    expect(arrived).toHaveLength(1);
  });

  test('is refused where the request was changed on its way', async () => {
    const body = JSON.stringify({ SmsSdkAppId: '1', PhoneNumberSet: [phone] });
    const signed = { 'content-type': 'application/json; charset=utf-8', host: new URL(standIn.endpoint).host, 'x-tc-action': 'SendSms' };
    const timestamp = Math.floor(clock.getTime() / 1000);
    const send = async (sent: string, headers: Record<string, string>) => {
      const { host, ...rest } = signed;
      const reply = await fetch(standIn.endpoint, {
        method: 'POST',
        body: sent,
        headers: {
          ...rest,
          authorization: tencentAuthorization(key, 'sms', signed, body, timestamp),
          'x-tc-timestamp': String(timestamp),
          'x-tc-version': '2021-01-11',
          'x-tc-region': 'ap-guangzhou',
          ...headers,
        },
      });
      return ((await reply.json()) as { Response: { Error?: { Code: string } } }).Response.Error?.Code;
    };
    expect(await send(body, {})).toBe('InvalidParameter');
    expect(await send(body.replace('138', '139'), {})).toBe('AuthFailure.SignatureFailure');
    expect(await send(body, { 'x-tc-action': 'DescribeSms' })).toBe('AuthFailure.SignatureFailure');
    expect(await send(body, { 'x-tc-timestamp': String(timestamp + 1) })).toBe('AuthFailure.SignatureFailure');
    expect(await send(body, { authorization: 'Bearer x' })).toBe('AuthFailure.InvalidAuthorization');
    expect(arrived).toEqual([]);
  });

  test.each([
    ['LimitExceeded.PhoneNumberDailyLimit', true],
    ['LimitExceeded.DeliveryFrequencyLimit', true],
    ['RequestLimitExceeded', true],
    ['InternalError.Timeout', true],
    ['FailedOperation.InsufficientBalanceInSmsPackage', true],
    ['FailedOperation.TemplateIncorrectOrUnapproved', true],
    ['FailedOperation.PhoneNumberInBlacklist', false],
    ['FailedOperation.ContainSensitiveWord', false],
    ['InvalidParameterValue.IncorrectPhoneNumber', false],
    ['UnsupportedOperation.UnsupportedRegion', false],
  ])('answered with %s may be tried again: %s', async (code, retry) => {
    status = code;
    expect(await failureOf(sms().deliver(phone, fresh()))).toEqual({ code, retry });
  });

  test('is not sent without a registered text', async () => {
    expect(await failureOf(sms({ templateIds: {} }).deliver(phone, fresh()))).toEqual({ code: 'template_not_registered', retry: false });
  });

  describe('where the gateway is out of order', () => {
    let server: Server;
    let reply = '';
    beforeAll(async () => {
      server = createServer((_, response) => response.writeHead(502).end(reply));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => server.close());
    const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    test.each([
      ['with a page', '<html>', 'http_502'],
      ['with nothing', '{}', 'reply_not_understood'],
      ['for no phone', '{"Response":{"SendStatusSet":[]}}', 'reply_not_understood'],
      ['with a code that is none', `{"Response":{"Error":{"Code":"${phone} is unknown"}}}`, 'unknown'],
      ['without end', 'x'.repeat(200_000), 'unreachable'],
    ])('and answers %s, it may be tried again', async (_, says, code) => {
      reply = says;
      expect(await failureOf(sms({ endpoint: endpoint() }).deliver(phone, fresh()))).toEqual({ code, retry: true });
    });
    test('and does not answer at all, it may be tried again', async () => {
      expect(await failureOf(sms({ endpoint: 'http://127.0.0.1:9' }).deliver(phone, fresh()))).toEqual({
        code: 'unreachable',
        retry: true,
      });
    });
  });
});

describe('SMS by SNS', () => {
  const sns = new SNSClient({ region: 'local', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
  const mock = mockClient(sns);
  beforeEach(() => mock.reset());

  test('is the text itself, as a transaction', async () => {
    mock.on(PublishCommand).resolves({ MessageId: 'sns-1' });
    expect(await snsSms(sns).deliver(phone, delivery)).toEqual({ providerId: 'sns-1' });
    expect(mock.commandCalls(PublishCommand)[0]?.args[0].input).toEqual({
      PhoneNumber: phone,
      Message: delivery.text,
      MessageAttributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } },
    });
  });

  const named = (name: string) => Object.assign(new Error(`${phone} opted out`), { name });
  test.each([
    [new ThrottledException({ message: phone, $metadata: {} }), true],
    [new InternalErrorException({ message: phone, $metadata: {} }), true],
    [named('TimeoutError'), true],
    [new InvalidParameterException({ message: phone, $metadata: {} }), false],
    [named('OptedOutException'), false],
  ])('refused with %s may be tried again: %s', async (error, retry) => {
    mock.on(PublishCommand).rejects(error);
    expect(await failureOf(snsSms(sns).deliver(phone, delivery))).toEqual({ code: error.name, retry });
  });
});
