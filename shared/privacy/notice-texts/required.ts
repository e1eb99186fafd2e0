import type { Draft } from '../notices.js';

/** 深圳市养犬管理条例: who may keep a dog, and with which papers. */
export const registration: readonly Draft[] = [
  {
    version: 1,
    fromDay: '2026-01-01',
    basis: ['contract', 'legal_duty'],
    optional: false,
    retention: 'inactive_accounts',
    alsoKept: ['sign_in_state', 'sessions', 'sent_messages', 'audit', 'reveals', 'consents'],
    words: {
      'zh-CN': {
        title: '账号与养犬登记',
        what: '账号：您的手机号、您填写的姓名和住址、登录的时间和方式、设备类型，以及您关联微信时的用户标识；为防止滥用，网络地址只短暂留存不可还原的摘要。养犬登记：养犬人姓名、身份证件类型和号码、住址；犬只的照片、品种、电子标识号和狂犬病免疫记录；养第二只起，还有居委会或业委会等的书面同意。身份证件号码属于敏感个人信息，泄露可能被人冒用：我们只用它核对养犬人身份，加密保存。',
        why: '用于让您登录，办理《深圳市养犬管理条例》规定的养犬登记，并把办理结果和理由告知您。登记资料由所在街道和区的经办人员办理。不提供手机号不能登录；不提供养犬登记的资料不能办理登记，但不影响其他服务。',
      },
      en: {
        title: 'Your account and the registration of your dog',
        what: 'Account: your phone number, the name and address you enter, when and how you signed in, the kind of device, and your WeChat user id if you link it; against abuse, a digest of your network address is kept for a short while, from which the address cannot be read. Registration of a dog: the keeper’s name, kind and number of the identity document, and address; the dog’s photos, breed, chip number and rabies immunisation record; from the second dog on, the written consent of the residents’ or owners’ committee. An identity number is sensitive personal information, which others could misuse if it leaked: we use it to establish who keeps the dog and for nothing else, and keep it encrypted.',
        why: 'To let you sign in, to register dogs as the dog-keeping regulations of Shenzhen (深圳市养犬管理条例) require, and to tell you the decision and its reason. Staff of your street and of the district handle a registration. Without a phone number you cannot sign in; without the papers a dog cannot be registered, and every other service stays open to you.',
      },
    },
  },
];

/** 深圳市生活垃圾分类管理条例. */
export const sortingRecord: readonly Draft[] = [
  {
    version: 1,
    fromDay: '2026-01-01',
    basis: ['legal_duty'],
    optional: false,
    retention: 'check_ins',
    alsoKept: ['audit', 'consents'],
    words: {
      'zh-CN': {
        title: '垃圾分类投放登记',
        what: '哪一户在哪一天进行了分类投放，以及由谁登记。只记到楼栋、单元和房号，不记姓名、手机号，也不记投放了什么。',
        why: '用于履行《深圳市生活垃圾分类管理条例》规定的管理职责，统计每周参与率。住户一级的登记只有该投放点的物业管理员以及所在街道和区的工作人员能看到；公布的只有投放点及以上的合计数字，不点名任何住户。',
      },
      en: {
        title: 'The record of garbage sorting',
        what: 'Which household sorted its garbage on which day, and who logged it. The household is building, unit and room: no names, no phone numbers, and not what was thrown away.',
        why: 'To carry out the duties that the household-waste sorting regulations of Shenzhen (深圳市生活垃圾分类管理条例) set, and to count who takes part each week. Single households are seen by the property manager of that site and by staff of its street and of the district alone; what is published are sums of a whole site and above, and no household is ever named.',
      },
    },
  },
];
