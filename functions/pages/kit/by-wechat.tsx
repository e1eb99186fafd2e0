import { ButtonLink } from './button.js';
import { IconChat, IconWarning } from './icons.js';
import { useWords } from './preferences.js';
import { usePlace } from './route.js';
import { inWeChat, wayToWeChat } from './wechat.js';
import { kitWords } from './words.js';

/** Leads to WeChat and back to this very place. `failed` is why the last attempt came to nothing. */
export function ByWeChat({ failed }: { failed: string | undefined }) {
  const words = useWords(kitWords);
  usePlace(); // the place may change while the question stands
  const way = wayToWeChat(location);
  const reasons: Readonly<Record<string, string>> = words.wechatFailures;
  if (failed === undefined)
    return (
      <div class="actions">
        <ButtonLink href={way} kind={inWeChat ? 'primary' : 'default'}>
          <IconChat />
          {words.wechat}
        </ButtonLink>
      </div>
    );
  return (
    <div class="failed" role="alert">
      <p class="failed__title">
        <IconWarning />
        {words.wechatFailed}
      </p>
      <p>{reasons[failed] ?? words.failures.internal_error}</p>
      {failed !== 'wechat_not_set_up' && (
        <ButtonLink href={way} kind="default">
          {words.wechatAgain}
        </ButtonLink>
      )}
    </div>
  );
}
