import type { Language } from '../http/problem.js';
import type { TableName } from '../tables.js';

type Both = Readonly<Record<Language, string>>;

/** What a table holds of a person, and what becomes of it when the person is erased. */
export interface Holding {
  readonly what: Both;
  /**
   * `erased`: gone at once. `pseudonymised`: it stays under a number that leads to nobody. `expires`: it goes by itself
   * within days. `nothing`: the table holds nothing about people.
   */
  readonly onErasure: 'erased' | 'pseudonymised' | 'expires' | 'nothing';
  readonly why: Both;
}

const bothOf = (zh: string, en: string): Both => ({ 'zh-CN': zh, en });
const forYou = bothOf('只为您办理业务而保存', 'Kept for your own sake alone');
const asNumber = (zh: string, en: string) =>
  bothOf(`${zh}；只剩一个不再指向任何人的编号`, `${en}; only a number stays, which leads to nobody any more`);

/** The one list of who holds what about a person. A table that is not on it does not compile, nor does one without a holder. */
export const holdings = {
  accounts: {
    what: bothOf('账号：姓名、手机号、微信、证件、住址、身份', 'The account: name, phone, WeChat, document, home, role'),
    onErasure: 'erased',
    why: bothOf('只为您办理业务而保存；只留下“此编号已注销”', 'Kept for your own sake alone; that the number is spent is all that stays'),
  },
  sessions: { what: bothOf('登录记录', 'Where you are signed in'), onErasure: 'erased', why: forYou },
  privacy: {
    what: bothOf('同意与拒绝的记录', 'What you agreed to and refused'),
    onErasure: 'pseudonymised',
    why: asNumber('须能证明当时取得了同意（个人信息保护法第十四条）', 'That consent was given must remain provable (PIPL article 14)'),
  },
  messages: { what: bothOf('发给您的消息和接收方式', 'Messages to you, and how you want them'), onErasure: 'erased', why: forYou },
  audit: {
    what: bothOf('涉及您的决定、查看与导出记录', 'Decisions, reveals and exports that concern you'),
    onErasure: 'pseudonymised',
    why: asNumber('处理情况记录须保存三年（个人信息保护法第五十六条）', 'Records of processing are kept for three years (PIPL article 56)'),
  },
  places: {
    what: bothOf('您负责过的投放点', 'Sites you have answered for'),
    onErasure: 'pseudonymised',
    why: asNumber('责任人的交接记录属于投放点', 'Who answered for a site, and when, is part of the site’s record'),
  },
  sorting: {
    what: bothOf('您登记或撤销的投放批次', 'Check-ins you logged or undid'),
    onErasure: 'pseudonymised',
    why: asNumber('参与率须能复核，登记批次是其依据', 'Published rates must remain provable, and rest on the batches'),
  },
  rollups: {
    what: bothOf('您作出的汇总修订', 'Revisions of weekly figures that you made'),
    onErasure: 'pseudonymised',
    why: asNumber('已公布的修订须能复核', 'Published revisions must remain provable'),
  },
  jobs: {
    what: bothOf('定时任务的运行记录', 'Runs of scheduled jobs'),
    onErasure: 'nothing',
    why: bothOf('不含个人信息', 'Nothing personal is in it'),
  },
  limits: {
    what: bothOf('访问次数计数', 'Counts of calls'),
    onErasure: 'expires',
    why: bothOf('数日之内自动删除', 'They go by themselves within days'),
  },
} as const satisfies Record<TableName, Holding>;
