import * as z from 'zod/mini';
import { AreaCode, areaLevels } from '../city/areas.js';
import { type Contract, Count, NextCursor, pageQuery } from '../http/contract.js';
import { Id, Line } from '../http/fields.js';
import { registerColumns, rowFaults } from './register.js';
import { mostHouseholds, siteTypes } from './rules.js';

export const SiteType = z.enum(siteTypes);
export const SiteId = Id;
const sitePath = z.object({ siteId: SiteId });

const Area = z.object({ areaCode: AreaCode, name: z.string(), level: z.enum(areaLevels), parentCode: z.nullable(AreaCode) });

const SiteFacts = z.strictObject({
  name: Line(60),
  siteType: SiteType,
  areaCode: AreaCode,
  address: z.optional(Line(120)),
});
export type SiteFacts = z.output<typeof SiteFacts>;

/** Whoever answers for a site (分类投放管理责任人): the organisation, and the person who logs for it. */
const Manager = z.object({ personId: Id, organisation: z.string(), sinceAt: z.iso.datetime() });
export type Manager = z.output<typeof Manager>;

const Site = z.object({
  siteId: SiteId,
  name: z.string(),
  siteType: SiteType,
  areaCode: AreaCode,
  address: z.optional(z.string()),
  manager: z.nullable(Manager),
});
export type Site = z.output<typeof Site>;

/** A household has a number within its site (1…n) and the label its neighbours know it by: `3栋2单元501`. */
export const HouseholdNo = z.int().check(z.minimum(1), z.maximum(mostHouseholds));
export const Household = z.strictObject({
  householdNo: HouseholdNo,
  label: Line(60),
  occupied: z.boolean(),
});
export type Household = z.output<typeof Household>;

const RegisterCounts = z.object({ households: Count, occupied: Count });

/** What became of a row of a register file. */
const ImportedRow = z.object({
  row: Count,
  outcome: z.enum(['added', 'changed', 'unchanged', 'rejected']),
  householdNo: z.optional(HouseholdNo),
  label: z.optional(z.string()),
  column: z.optional(z.enum(registerColumns)),
  code: z.optional(z.enum(rowFaults)),
});
export type ImportedRow = z.output<typeof ImportedRow>;

const exampleSite = {
  siteId: '0d3f1c62-8f0e-4c6b-9d1a-2b7c0a5e4f11',
  name: '翠湖花园',
  siteType: 'estate',
  areaCode: '440311001005',
  address: '翠湖路 8 号',
  manager: { personId: '5f0c9a54-6d1f-4a86-9e0c-0f6f6b2f3a10', organisation: '翠湖物业', sinceAt: '2026-10-01T01:00:00.000Z' },
};

export const placesContract = {
  'GET /v1/areas': {
    who: 'anyone',
    summary: 'The district, its streets and their communities',
    ok: z.object({ areas: z.array(Area) }),
    example: { ok: { areas: [{ areaCode: '440311', name: '光明区', level: 'district', parentCode: null }] } },
  },
  'PUT /v1/sites/{siteId}': {
    who: ['officer', 'bureau'],
    summary: 'Register a drop-off site, or correct it',
    path: sitePath,
    body: SiteFacts,
    ok: Site,
    fails: ['site_not_found', 'area_not_found', 'not_a_community'],
    example: { body: { name: '翠湖花园', siteType: 'estate', areaCode: '440311001005', address: '翠湖路 8 号' }, ok: exampleSite },
  },
  'GET /v1/sites/{siteId}': {
    who: ['manager', 'officer', 'bureau'],
    summary: 'A site with the size of its register',
    path: sitePath,
    ok: z.extend(Site, RegisterCounts.shape),
    fails: ['site_not_found'],
    example: { ok: { ...exampleSite, households: 312, occupied: 287 } },
  },
  'GET /v1/sites': {
    who: ['manager', 'officer', 'bureau'],
    summary: 'Sites of an area; an officer sees the own street, a manager the own sites',
    query: z.object({ areaCode: z.optional(AreaCode), siteType: z.optional(SiteType), ...pageQuery(200, 50) }),
    ok: z.object({ sites: z.array(Site), nextCursor: NextCursor }),
    fails: ['area_not_found', 'invalid_cursor'],
    example: { ok: { sites: [exampleSite], nextCursor: null } },
  },
  'PUT /v1/sites/{siteId}/manager': {
    who: ['officer', 'bureau'],
    summary: 'Hand a site over to a manager; the one before stays in its history',
    path: sitePath,
    body: z.strictObject({ personId: Id, organisation: Line(60) }),
    ok: Manager,
    fails: ['site_not_found', 'person_not_found', 'not_a_manager', 'site_changed_meanwhile'],
    example: { body: { personId: '5f0c9a54-6d1f-4a86-9e0c-0f6f6b2f3a10', organisation: '翠湖物业' }, ok: exampleSite.manager },
  },
  'GET /v1/sites/{siteId}/managers': {
    who: ['officer', 'bureau'],
    summary: 'Who has answered for a site, newest first',
    path: sitePath,
    query: z.object(pageQuery(100, 50)),
    ok: z.object({
      managers: z.array(z.extend(Manager, { untilAt: z.nullable(z.iso.datetime()), appointedBy: Id })),
      nextCursor: NextCursor,
    }),
    fails: ['site_not_found', 'invalid_cursor'],
  },
  'PUT /v1/sites/{siteId}/households': {
    who: ['manager', 'officer', 'bureau'],
    summary: 'Enter households into the register, all or none; a number that stands there is corrected',
    path: sitePath,
    body: z.strictObject({ households: z.array(Household).check(z.minLength(1), z.maxLength(500)) }),
    ok: RegisterCounts,
    fails: ['site_not_found', 'site_without_households', 'site_changed_meanwhile'],
    example: { body: { households: [{ householdNo: 1, label: '3栋2单元501', occupied: true }] }, ok: { households: 1, occupied: 1 } },
  },
  'GET /v1/sites/{siteId}/households': {
    who: ['manager', 'officer', 'bureau'],
    summary: 'The register of a site, by number',
    path: sitePath,
    query: z.object(pageQuery(500, 200)),
    ok: z.object({ households: z.array(Household), nextCursor: NextCursor }),
    fails: ['site_not_found', 'invalid_cursor'],
    example: { ok: { households: [{ householdNo: 1, label: '3栋2单元501', occupied: true }], nextCursor: null } },
  },
  'POST /v1/sites/{siteId}/households/import': {
    who: ['manager', 'officer', 'bureau'],
    summary: 'Enter a property firm’s CSV (楼栋, 单元, 房号, 是否入住; UTF-8 or GB18030) into the register',
    path: sitePath,
    query: z.object({
      /** `check` writes nothing; `all` writes only if every row is right; `valid` writes the right rows and names the others. */
      mode: z._default(z.enum(['check', 'all', 'valid']), 'all'),
    }),
    // API Gateway hands on what calls itself text as UTF-8: a file in another encoding must come as bytes.
    bodyTypes: ['application/octet-stream', 'text/csv'],
    ok: z.object({
      encoding: z.enum(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']),
      rows: Count,
      /** Whether anything was written. */
      written: z.boolean(),
      added: Count,
      changed: Count,
      unchanged: Count,
      /** Households of the register that the file does not name; they stay as they are. */
      notInFile: Count,
      rejected: Count,
      /** Row by row, each by the line of the file it ends on. Where nothing was written, what would have been. */
      results: z.array(ImportedRow),
    }),
    fails: [
      'site_not_found',
      'site_without_households',
      'site_changed_meanwhile',
      'site_too_large',
      'encoding_unknown',
      'columns_missing',
      'csv_malformed',
    ],
    example: {
      ok: {
        encoding: 'gb18030',
        rows: 2,
        written: false,
        added: 1,
        changed: 0,
        unchanged: 0,
        notInFile: 0,
        rejected: 1,
        results: [
          { row: 2, outcome: 'added', householdNo: 1, label: '3栋2单元501' },
          { row: 3, outcome: 'rejected', column: '是否入住', code: 'yes_or_no' },
        ],
      },
    },
  },
} as const satisfies Contract;
