import * as z from 'zod/mini';
import { type Role, roles } from '../http/contract.js';
import type { Language } from '../http/problem.js';
import { codeLifeSeconds, codePurposes } from '../sessions/rules.js';
import { fill, signature, type Wording, wordings } from './wordings.js';

interface Template<Params extends z.ZodMiniType> {
  /**
   * What the text needs. Nothing personal: it stands in the table in clear for 180 days, and is shown to the person
   * again. No name, no phone, no address; a number masked as lists show it is the most that may be here.
   */
  readonly params: Params;
  /** An urgent message is sent at night too; the others wait for the morning. */
  readonly urgent: boolean;
  readonly wording: (params: z.output<Params>) => Wording;
  /** In the order of the wording's `{1}`, `{2}`. */
  readonly variables: (params: z.output<Params>, language: Language) => readonly string[];
}
const template = <Params extends z.ZodMiniType>(made: Template<Params>) => made;

const roleNames: Record<Role, Record<Language, string>> = {
  resident: { 'zh-CN': '居民', en: 'resident' },
  manager: { 'zh-CN': '物业管理员', en: 'property manager' },
  clinic: { 'zh-CN': '动物诊疗机构', en: 'veterinary clinic' },
  officer: { 'zh-CN': '街道工作人员', en: 'street officer' },
  bureau: { 'zh-CN': '区城管局工作人员', en: 'city-management bureau' },
};

/** Every message the service sends. */
export const templates = {
  /** Sent at once and never kept: a code is only hashed in the database. */
  sign_in_code: template({
    params: z.object({ code: z.string().check(z.regex(/^\d{6}$/)), purpose: z.enum(codePurposes) }),
    urgent: true,
    // A wording each: the gateway lets nothing but digits into the text of a code.
    wording: ({ purpose }) => `code_for_${purpose}`,
    variables: ({ code }) => [code, String(codeLifeSeconds / 60)],
  }),
  role_changed: template({
    params: z.object({ role: z.enum(roles), areaName: z.optional(z.string()) }),
    urgent: false,
    wording: ({ areaName }) => (areaName ? 'role_changed_in_area' : 'role_changed'),
    variables: ({ role, areaName }, language) => [roleNames[role][language], ...(areaName ? [areaName] : [])],
  }),
  site_assigned: template({
    params: z.object({ siteName: z.string() }),
    urgent: false,
    wording: () => 'site_assigned',
    variables: ({ siteName }) => [siteName],
  }),
  session_reuse_ended: template({ params: z.object({}), urgent: true, wording: () => 'session_reuse_ended', variables: () => [] }),
  phone_changed: template({
    params: z.object({ maskedPhone: z.string().check(z.regex(/\*{4}/)) }),
    urgent: true,
    wording: () => 'phone_changed',
    variables: ({ maskedPhone }) => [maskedPhone],
  }),
  wechat_linked: template({ params: z.object({}), urgent: true, wording: () => 'wechat_linked', variables: () => [] }),
  account_erased: template({ params: z.object({}), urgent: false, wording: () => 'account_erased', variables: () => [] }),
  /** To the bureau. Urgent: while it waits, more may be read. */
  bulk_reveals: template({
    params: z.object({ count: z.int().check(z.positive()) }),
    urgent: true,
    wording: () => 'bulk_reveals',
    variables: ({ count }) => [String(count)],
  }),
};
export type TemplateName = keyof typeof templates;
export type ParamsOf<Name extends TemplateName> = z.output<(typeof templates)[Name]['params']>;
export const templateNames = Object.keys(templates) as [TemplateName, ...TemplateName[]];

/** What a message says: a template and what it needs. */
export type Content<Name extends TemplateName = TemplateName> = {
  [N in Name]: { readonly template: N; readonly params: ParamsOf<N> };
}[Name];
/** What the outbox may keep. */
export type KeptContent = Content<Exclude<TemplateName, 'sign_in_code'>>;

// Each template takes its own params; the compiler cannot follow that through a look-up by name.
const templateOf = (name: TemplateName) => templates[name] as unknown as Template<z.ZodMiniType>;

export const isUrgent = (name: TemplateName): boolean => templates[name].urgent;

/** Which registered text a message takes, and what fills it. */
export function wordingOf({ template, params }: Content, language: Language): { wording: Wording; variables: readonly string[] } {
  const { wording, variables } = templateOf(template);
  return { wording: wording(params), variables: variables(params, language) };
}

/** The text as the person reads it. */
export function textOf<Name extends TemplateName>(template: Name, params: ParamsOf<Name>, language: Language): string {
  const { wording, variables } = wordingOf({ template, params } as Content, language);
  return signature + fill(wordings[wording][language], variables);
}
