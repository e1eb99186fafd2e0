import { bureau } from '../../city/bureau.js';
import type { Language } from '../../http/problem.js';

/** What a purpose rests on: an item of PIPL 13, first paragraph. */
export const bases = {
  consent: { 'zh-CN': '您的同意（《个人信息保护法》第十三条第一款第一项）', en: 'your consent (PIPL article 13 (1) 1)' },
  contract: {
    'zh-CN': '为您提供您所要求的服务所必需（《个人信息保护法》第十三条第一款第二项）',
    en: 'what is necessary to give you the service you ask for (PIPL article 13 (1) 2)',
  },
  legal_duty: {
    'zh-CN': '履行法定职责所必需（《个人信息保护法》第十三条第一款第三项）',
    en: 'what is necessary for a duty set by law (PIPL article 13 (1) 3)',
  },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;
export type Basis = keyof typeof bases;

/** Sentences that every notice needs (PIPL 14 to 17, 31, 36, 44 to 47, 65), so that no two notices say them differently. */
export const everywhere = {
  'zh-CN': {
    controller: `个人信息处理者：${bureau['zh-CN']}。`,
    basis: (words: readonly string[]) => `依据：${words.join('；')}。`,
    staff:
      '工作人员默认只看到隐去部分内容的信息；确需查看完整信息的，须写明理由，只开放几分钟，并留下记录。您的资料保存在中国内地，不提供给境外，不用于人脸识别。',
    optional:
      '这一项由您自愿选择：不同意或撤回，不影响您使用其他任何服务。您可以随时在本服务的个人信息设置中撤回，与同意一样方便；撤回不影响撤回之前已经进行的处理。',
    duty: '这一项是履行法定职责或提供您所要求的服务所必需，因此不能单独关闭；请您确认的是已经读过本告知。',
    rights:
      '您可以在本服务中或到上述处理者处当面查阅、复制、更正您的资料，或要求删除；法律规定须保存的除外，届时只保存、不再作其他使用。对处理有异议的，也可以向网信部门投诉。',
    children: '未满十四周岁的，须由父母或其他监护人阅读并同意。',
    changes: '内容如有变更，我们会给出新的版本并重新征询您，不沿用之前的同意。',
  },
  en: {
    controller: `Responsible for your data: ${bureau.en}.`,
    basis: (words: readonly string[]) => `It rests on ${words.join(', and on ')}.`,
    staff:
      'Staff see your data with parts hidden. To see all of it they must write down a reason; it then opens for minutes and is recorded. Your data stay in mainland China, are handed to nobody abroad, and are not used for face recognition.',
    optional:
      'This is your free choice: refusing or withdrawing it blocks no other service. You can withdraw at any time in the personal-data settings of this service, as easily as you agreed; what was done before stays lawful.',
    duty: 'This is necessary for a duty set by law or for the service you ask for, so it cannot be switched off alone; what you confirm is that you have read this notice.',
    rights:
      'In this service, or in person at the authority named above, you can see your data, take a copy, correct them and ask for their erasure, save what a law says must be kept, which is then stored and not used otherwise. You can also complain to the cyberspace authority (网信部门).',
    children: 'For a child below fourteen, a parent or other guardian must read this and agree.',
    changes: 'If this changes, a new version asks you again; what you agreed to before does not carry over.',
  },
} as const satisfies Record<Language, unknown>;
