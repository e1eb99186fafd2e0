import { escaped } from '../outbox-page.js';
import { askedFor, type Fault } from './authorise.js';
import { people } from './people.js';

const style = `body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:32rem;color:#1a1a1a;background:#fff}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.125rem;margin:2rem 0 .5rem}ul{list-style:none;margin:0;padding:0}li{margin:.5rem 0}
button,input{font:inherit;min-height:2.75rem;box-sizing:border-box;width:100%;border:1px solid #767a77;border-radius:.5rem;padding:.5rem .75rem;background:#fff;color:inherit;text-align:start}
button{cursor:pointer;background:#f1f2f1}button:hover{background:#e4f3ea}:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}
.go{background:#01793b;color:#fff;text-align:center;margin-top:.5rem}.go:hover{background:#015c2d}small,.hint{font-size:.875rem;color:#5a5a5a}label{display:block}`;

const page = (title: string, body: string) => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title} · 微信替身</title><link rel="icon" href="data:,"><style>${style}</style></head>
<body><main>${body}</main></body></html>`;

const choice = (name: string, value: string, text: string, hint = '') =>
  `<li><button name="${name}" value="${escaped(value)}">${escaped(text)}${hint && ` <span class="hint">${escaped(hint)}</span>`}</button></li>`;

/** Asks who opens the page. It works without any script: each choice is a button of a form that asks again for the same, and more. */
export function choosePage(query: URLSearchParams, action: string): string {
  const asked = askedFor(query).map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`);
  const form = (body: string) => `<form action="${action}">${asked.join('')}${body}</form>`;
  const users = people.map(({ name, follows }) => choice('user', name, name, follows ? '' : '未关注公众号'));
  return page(
    '选择微信用户',
    `<h1>以哪位微信用户打开？</h1>
<p>打开后回到 ${escaped(new URL(query.get('redirect_uri') ?? '').host)}。</p>
<h2>微信用户</h2>${form(`<ul>${users.join('')}</ul>`)}
<h2>另一位</h2>${form('<label for="user">微信名</label><input id="user" name="user" maxlength="32" required autocomplete="off"><button class="go">打开</button>')}
<h2>其他情形</h2>${form(
      `<ul>${choice('as', 'snapshot', '以快照页打开', '用户是虚拟的，不能登录')}${choice('as', 'busy', '微信系统繁忙', '问是谁时，微信总答 -1')}</ul>`,
    )}
<p><small>这是本机上的微信替身，用户都是虚构的。真的微信在 snsapi_base 下不显示此页，直接跳转；这里没有手机，所以由您选择。</small></p>`,
  );
}

/** WeChat's refusal to authorise, which people see instead of the service. */
export const faultPage = ({ code, text }: Fault) =>
  page('无法打开', `<h1>${escaped(text)}</h1>${code === undefined ? '' : `<p>错误码：${code}</p>`}`);
