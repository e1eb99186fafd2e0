import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { siteTypes } from '../../shared/places/rules.js';
import { cuihu, gongming, lisonglang, refusal, type Someone, useCity } from '../support/city.js';

const city = useCity();
let bureau: Someone;
beforeAll(async () => {
  bureau = await city.someone('bureau');
});

test('the areas are the district, its 6 streets and its 31 communities, rare characters and all', async () => {
  const { areas } = (await (await fetch(`${city.url}/v1/areas`)).json()) as {
    areas: { level: string; name: string; parentCode: string; areaCode: string }[];
  };
  const count = (level: string) => areas.filter((area) => area.level === level).length;
  expect([count('district'), count('street'), count('community')]).toEqual([1, 6, 31]);
  expect(areas.find(({ areaCode }) => areaCode === lisonglang)).toMatchObject({ name: '李松蓢社区', parentCode: gongming });
});

describe('a site', () => {
  test.each(siteTypes)('may be of type %s', async (siteType) => {
    const siteId = randomUUID();
    const kept = await bureau.call('PUT /v1/sites/{siteId}', {
      path: { siteId },
      body: { name: '李松蓢点', siteType, areaCode: lisonglang },
    });
    expect(kept).toEqual({ siteId, name: '李松蓢点', siteType, areaCode: lisonglang, manager: null });
    expect(await bureau.call('GET /v1/sites/{siteId}', { path: { siteId } })).toEqual({ ...kept, households: 0, occupied: 0 });
  });

  test('is corrected by the same request, and keeps its manager', async () => {
    const manager = await city.someone('manager');
    const siteId = await city.estate(2, { manager });
    const body = { name: '新名花园', siteType: 'estate', areaCode: cuihu, address: '一路 1 号' } as const;
    const kept = await bureau.call('PUT /v1/sites/{siteId}', { path: { siteId }, body });
    expect(kept).toMatchObject({ ...body, manager: { personId: manager.caller.personId } });
  });

  test('cannot stand in an unknown area, nor straight under a street', async () => {
    const put = (areaCode: string) =>
      refusal(
        bureau.call('PUT /v1/sites/{siteId}', { path: { siteId: randomUUID() }, body: { name: '点', siteType: 'school', areaCode } }),
      );
    expect([await put('440311001999'), await put('440399'), await put('440311001')]).toEqual([
      'area_not_found',
      'area_not_found',
      'not_a_community',
    ]);
  });

  test('is listed by area and type, page by page, each once', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { sites: { siteId: string; areaCode: string; siteType: string }[]; nextCursor: string | null } = await bureau.call(
        'GET /v1/sites',
        {
          query: { areaCode: gongming, siteType: 'hotel', limit: 1, ...(cursor ? { cursor } : {}) },
        },
      );
      expect(page.sites.every((site) => site.areaCode.startsWith(gongming) && site.siteType === 'hotel')).toBe(true);
      seen.push(...page.sites.map(({ siteId }) => siteId));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('a manager lists the own sites alone, page by page', async () => {
    const manager = await city.someone('manager');
    const own = [
      await city.estate(1, { manager }),
      await city.estate(1, { manager, areaCode: lisonglang }),
      await city.estate(1, { manager }),
    ];
    await city.estate(1);
    const first = await manager.call('GET /v1/sites', { query: { limit: 2 } });
    const second = await manager.call('GET /v1/sites', { query: { limit: 2, cursor: first.nextCursor as string } });
    expect([...first.sites, ...second.sites].map(({ siteId }) => siteId).sort()).toEqual([...own].sort());
    expect(second.nextCursor).toBeNull();
  });

  test.each([
    'nonsense',
    Buffer.from('440311999999#x').toString('base64url'),
    Buffer.from(`440311001005#${randomUUID()}`).toString('base64url'),
  ])('a made-up cursor (%s) is refused', async (cursor) => {
    expect(await refusal(bureau.call('GET /v1/sites', { query: { areaCode: gongming, cursor } }))).toBe('invalid_cursor');
  });
});

describe('handing a site over', () => {
  test('keeps who managed it, from when to when', async () => {
    const [first, second] = [await city.someone('manager'), await city.someone('manager')];
    const siteId = await city.estate(1);
    const put = (who: Someone, organisation: string) =>
      bureau.call('PUT /v1/sites/{siteId}/manager', { path: { siteId }, body: { personId: who.caller.personId, organisation } });
    const one = await put(first, '甲物业');
    expect(await put(first, '甲物业')).toEqual(one);
    const two = await put(second, '乙物业');
    const { managers } = await bureau.call('GET /v1/sites/{siteId}/managers', { path: { siteId } });
    expect(managers).toEqual([
      { ...two, untilAt: null, appointedBy: bureau.caller.personId },
      { ...one, untilAt: two.sinceAt, appointedBy: bureau.caller.personId },
    ]);
    const page = await bureau.call('GET /v1/sites/{siteId}/managers', { path: { siteId }, query: { limit: 1 } });
    const rest = await bureau.call('GET /v1/sites/{siteId}/managers', {
      path: { siteId },
      query: { limit: 1, cursor: page.nextCursor as string },
    });
    expect([...page.managers, ...rest.managers]).toEqual(managers);
    expect(rest.nextCursor).toBeNull();
  });

  test('goes to a person who is a manager, and exists', async () => {
    const siteId = await city.estate(1);
    const put = (personId: string) =>
      refusal(bureau.call('PUT /v1/sites/{siteId}/manager', { path: { siteId }, body: { personId, organisation: '甲' } }));
    expect(await put(randomUUID())).toBe('person_not_found');
    expect(await put((await city.someone('resident')).caller.personId)).toBe('not_a_manager');
  });

  test('to several at once leaves one manager and one open tenure', async () => {
    const siteId = await city.estate(1);
    const people = await Promise.all(Array.from({ length: 8 }, () => city.someone('manager')));
    await Promise.all(
      people.map(({ caller }) =>
        refusal(
          bureau.call('PUT /v1/sites/{siteId}/manager', { path: { siteId }, body: { personId: caller.personId, organisation: '甲' } }),
        ),
      ),
    );
    const { managers } = await bureau.call('GET /v1/sites/{siteId}/managers', { path: { siteId } });
    const site = await bureau.call('GET /v1/sites/{siteId}', { path: { siteId } });
    const open = managers.filter(({ untilAt }) => untilAt === null);
    expect(open.map(({ personId }) => personId)).toEqual([site.manager?.personId]);
  });
});

describe("a site's register", () => {
  const rows = (from: number, count: number, occupied = true) =>
    Array.from({ length: count }, (_, i) => ({ householdNo: from + i, label: `1栋1单元${from + i}`, occupied }));
  const enter = (siteId: string, households: ReturnType<typeof rows>) =>
    bureau.call('PUT /v1/sites/{siteId}/households', { path: { siteId }, body: { households } });

  test('takes 500 households a call, corrects those it has, and is read page by page', async () => {
    const siteId = await city.estate(0);
    expect(await enter(siteId, rows(1, 500))).toEqual({ households: 500, occupied: 500 });
    expect(await enter(siteId, rows(400, 200, false))).toEqual({ households: 599, occupied: 399 });
    const seen: { householdNo: number; occupied: boolean; label: string }[] = [];
    let cursor: string | null = null;
    do {
      const page: { households: typeof seen; nextCursor: string | null } = await bureau.call('GET /v1/sites/{siteId}/households', {
        path: { siteId },
        query: { limit: 250, ...(cursor ? { cursor } : {}) },
      });
      seen.push(...page.households);
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen.map(({ householdNo }) => householdNo)).toEqual(Array.from({ length: 599 }, (_, i) => i + 1));
    expect(seen.filter(({ occupied }) => occupied)).toHaveLength(399);
    expect(seen[449]?.label).toBe('1栋1单元450');
  });

  test('entered into by twenty at once, loses nobody', async () => {
    const siteId = await city.estate(0);
    const enterPatiently = async (no: number) => {
      while ((await refusal(enter(siteId, rows(no, 1)))) === 'site_changed_meanwhile');
    };
    await Promise.all(Array.from({ length: 20 }, (_, i) => enterPatiently(i + 1)));
    expect(await bureau.call('GET /v1/sites/{siteId}', { path: { siteId } })).toMatchObject({ households: 20, occupied: 20 });
  });

  test.each([
    ['a number twice', [...rows(1, 2), ...rows(2, 1)], 'households.2.householdNo', 'repeated'],
    ['a number past 20,000', rows(20_001, 1), 'households.0.householdNo', 'too_big'],
    ['number 0', rows(0, 1), 'households.0.householdNo', 'too_small'],
    ['an empty label', [{ householdNo: 1, label: '  ', occupied: true }], 'households.0.label', 'too_small'],
    ['501 households', rows(1, 501), 'households', 'too_big'],
    ['none', [], 'households', 'too_small'],
  ])('refuses %s by field, and writes nothing', async (_, households, path, code) => {
    const siteId = await city.estate(0);
    const response = await fetch(`${city.url}/v1/sites/${siteId}/households`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await bureau.token()}` },
      body: JSON.stringify({ households }),
    });
    expect(await response.json()).toMatchObject({ code: 'invalid_request', fields: [{ path, code }] });
    expect(await bureau.call('GET /v1/sites/{siteId}', { path: { siteId } })).toMatchObject({ households: 0 });
  });

  test('is kept by sites with households alone', async () => {
    const siteId = randomUUID();
    await bureau.call('PUT /v1/sites/{siteId}', { path: { siteId }, body: { name: '小学', siteType: 'school', areaCode: cuihu } });
    expect(await refusal(enter(siteId, rows(1, 1)))).toBe('site_without_households');
  });
});

describe('a property firm’s CSV', () => {
  const upload = (siteId: string, body: BodyInit, mode?: 'check' | 'all' | 'valid') =>
    bureau.call('POST /v1/sites/{siteId}/households/import', {
      path: { siteId },
      body: body as Blob,
      ...(mode ? { query: { mode } } : {}),
    });
  const labels = async (siteId: string) => {
    const { households } = await bureau.call('GET /v1/sites/{siteId}/households', { path: { siteId } });
    return households.map(({ label, occupied }) => `${label} ${occupied ? '是' : '否'}`);
  };
  const file = '楼栋,单元,房号,是否入住\r\n3,2,501,是\r\nA座,,1203室,否\r\n';
  /** GB18030 bytes of the file above, written out because the platform only decodes it. */
  const gb18030 = Buffer.from(
    'c2a5b6b02cb5a5d4aa2cb7bfbac52ccac7b7f1c8ebd7a10d0a332c322c3530312ccac70d0a41d7f92c2c31323033cad22cb7f10d0a',
    'hex',
  );

  test.each([
    ['UTF-8', new TextEncoder().encode(file), 'utf-8'],
    ['UTF-8 with a byte order mark', new TextEncoder().encode(`\ufeff${file}`), 'utf-8'],
    ['GB18030', gb18030, 'gb18030'],
    ['UTF-8 with semicolons', new TextEncoder().encode(file.replaceAll(',', ';')), 'utf-8'],
    ['UTF-16 of the other order', Buffer.from(`\ufeff${file}`, 'utf16le').swap16(), 'utf-16be'],
    ['UTF-16 as Excel writes Unicode text', Buffer.from(`\ufeff${file.replaceAll(',', '\t')}`, 'utf16le'), 'utf-16le'],
  ])('in %s enters the register', async (_, bytes, encoding) => {
    const siteId = await city.estate(0);
    const answer = await upload(siteId, new Blob([bytes as BlobPart]));
    expect(answer).toMatchObject({ encoding, rows: 2, written: true, added: 2, rejected: 0 });
    expect(await labels(siteId)).toEqual(['3栋2单元501 是', 'A座1203 否']);
  });

  const mixed = '是否入住,房号,单元,楼栋\n是,101,1,1\n也许,102,1,1\n是,,1,1\n\n是,101,1单元,1栋\n否,"10\n3",1,1\n';
  test('with wrong rows writes nothing, and says of every row what is wrong', async () => {
    const siteId = await city.estate(0);
    const answer = await upload(siteId, mixed);
    expect(answer).toMatchObject({ rows: 5, written: false, added: 2, rejected: 3 });
    expect(answer.results).toEqual([
      { row: 2, outcome: 'added', householdNo: 1, label: '1栋1单元101' },
      { row: 3, outcome: 'rejected', column: '是否入住', code: 'yes_or_no' },
      { row: 4, outcome: 'rejected', column: '房号', code: 'required' },
      { row: 6, outcome: 'rejected', label: '1栋1单元101', column: '房号', code: 'repeated' },
      { row: 8, outcome: 'added', householdNo: 2, label: '1栋1单元103' },
    ]);
    expect(await labels(siteId)).toEqual([]);
  });
  test('enters the right rows alone when told so, and checks without writing when told so', async () => {
    const siteId = await city.estate(0);
    expect(await upload(siteId, file, 'check')).toMatchObject({ written: false, added: 2 });
    expect(await labels(siteId)).toEqual([]);
    expect(await upload(siteId, mixed, 'valid')).toMatchObject({ written: true, added: 2, rejected: 3 });
    expect(await labels(siteId)).toEqual(['1栋1单元101 是', '1栋1单元103 否']);
  });
  test('sent again changes nothing; with one changed row changes that one; what it does not name stays', async () => {
    const siteId = await city.estate(0);
    await upload(siteId, file);
    expect(await upload(siteId, file)).toMatchObject({ written: false, unchanged: 2, added: 0 });
    expect(await upload(siteId, '楼栋,单元,房号,是否入住\n3栋,2单元,501,空置\n')).toMatchObject({
      written: true,
      changed: 1,
      notInFile: 1,
    });
    expect(await labels(siteId)).toEqual(['3栋2单元501 否', 'A座1203 否']);
  });
  test('of 20,000 rows enters in one go, and one more household is too many', async () => {
    const siteId = await city.estate(0);
    const body = `楼栋,单元,房号,是否入住\n${Array.from({ length: 20_000 }, (_, i) => `${Math.floor(i / 1000) + 1},1,${i},是`).join('\n')}`;
    expect(await upload(siteId, body)).toMatchObject({ written: true, added: 20_000 });
    expect(await refusal(upload(siteId, '楼栋,单元,房号,是否入住\n99,1,1,是\n'))).toBe('site_too_large');
    expect(await bureau.call('GET /v1/sites/{siteId}', { path: { siteId } })).toMatchObject({ households: 20_000 });
  });
  test('gives a new household a free number, even where the highest is taken', async () => {
    const siteId = await city.estate(0);
    const last = [{ householdNo: 20_000, label: '末户', occupied: true }];
    await bureau.call('PUT /v1/sites/{siteId}/households', { path: { siteId }, body: { households: last } });
    for (const mode of ['check', 'all', 'valid'] as const) expect(await upload(siteId, file, mode)).toMatchObject({ rejected: 0 });
    const { households } = await bureau.call('GET /v1/sites/{siteId}/households', { path: { siteId } });
    expect(households.map(({ householdNo }) => householdNo)).toEqual([1, 2, 20_000]);
  });
  test('that is too long for the site is refused before anything is written, when only checked too', async () => {
    const siteId = await city.estate(2);
    const body = `楼栋,单元,房号,是否入住\n${Array.from({ length: 19_999 }, (_, i) => `9,1,${i},是`).join('\n')}`;
    for (const mode of ['check', 'all', 'valid'] as const) expect(await refusal(upload(siteId, body, mode))).toBe('site_too_large');
    expect(await bureau.call('GET /v1/sites/{siteId}', { path: { siteId } })).toMatchObject({ households: 2 });
  });
  test.each([
    ['without the columns', '姓名,电话\n甲,乙\n', 'columns_missing'],
    ['with a column twice', '楼栋,楼号,房号,是否入住\n1,2,3,是\n', 'columns_missing'],
    ['that is empty', '\n', 'columns_missing'],
    ['with an open quote', '楼栋,单元,房号,是否入住\n"3,2,501,是\n', 'csv_malformed'],
    [
      'that is a picture',
      new Blob([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0xff, 0xff])]),
      'encoding_unknown',
    ],
  ] as const)('%s is refused', async (_, body, code) => {
    const siteId = await city.estate(0);
    expect(await refusal(upload(siteId, body as Blob))).toBe(code);
  });
});
