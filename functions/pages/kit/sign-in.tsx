import { useEffect, useRef, useState } from 'preact/hooks';
import { Refused } from '../../../shared/http/client.js';
import { Button } from './button.js';
import { ByWeChat } from './by-wechat.js';
import { FaultSummary, type Faults, faultsOf } from './faults.js';
import { TextField } from './field.js';
import { useHeld } from './held.js';
import { useWords } from './preferences.js';
import { askForCode, signIn } from './session.js';
import { byWeChat, inWeChat } from './wechat.js';
import { kitWords } from './words.js';

/** Before another code may be asked for, so that an impatient thumb does not use up the allowance. */
const patienceSeconds = 60;

/** After these the way leads through WeChat once more. */
const linkIsOver: readonly string[] = ['wechat_link_expired', 'wechat_taken'];

/** By WeChat, or by two questions, one at a time: which phone, and which code it received. */
export function SignIn() {
  const words = useWords(kitWords);
  const [phone, setPhone] = useState('');
  const [code, setCode] = useState('');
  const [step, setStep] = useState<'phone' | 'code'>('phone');
  const [faults, setFaults] = useState<Faults>({});
  const [busy, setBusy] = useState(false);
  const [wait, startWaiting] = useCountdown();
  const codeStep = useRef<HTMLFormElement>(null);
  const wechat = useHeld(byWeChat);
  const link = wechat === 'link';

  async function attempt(work: () => Promise<void>) {
    if (busy) return;
    setBusy(true);
    setFaults({});
    try {
      await work();
    } catch (error) {
      const wrong = error instanceof Refused && error.problem.code === 'code_wrong';
      setFaults(wrong ? { code: error.problem.detail } : faultsOf(error, ['phone', 'code'], words));
      const over = error instanceof Refused && linkIsOver.includes(error.problem.code);
      if (over) byWeChat.set(undefined);
      if (over || (error instanceof Refused && error.problem.fields?.some(({ path }) => path === 'phone'))) setStep('phone');
    } finally {
      setBusy(false);
    }
  }

  const sendCode = () =>
    attempt(async () => {
      await askForCode(phone);
      setCode('');
      setStep('code');
      startWaiting(patienceSeconds);
    });
  useEffect(() => {
    if (step === 'code') codeStep.current?.querySelector('input')?.focus();
  }, [step]);

  if (step === 'phone')
    return (
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (phone.trim().length < 5) setFaults({ phone: phone.trim() ? words.phoneWrong : words.phoneMissing });
          else void sendCode();
        }}
      >
        {!link && <ByWeChat failed={wechat} />}
        <p class="lead">{link ? words.linkWhy : words.signInWhy}</p>
        <FaultSummary faults={faults} />
        <div class="weui-cells">
          <TextField
            id="phone"
            label={words.phone}
            hint={words.phoneHint}
            fault={faults.phone}
            type="tel"
            autocomplete="tel"
            maxLength={30}
            value={phone}
            onInput={(event) => setPhone(event.currentTarget.value)}
          />
        </div>
        <div class="actions">
          <Button type="submit" kind={inWeChat && wechat === undefined ? 'default' : 'primary'} busy={busy}>
            {words.getCode}
          </Button>
          {link && (
            <Button kind="default" onClick={() => byWeChat.set(undefined)}>
              {words.noLink}
            </Button>
          )}
        </div>
      </form>
    );

  return (
    <form
      noValidate
      ref={codeStep}
      onSubmit={(event) => {
        event.preventDefault();
        if (/^\d{6}$/.test(code)) void attempt(() => signIn(phone, code, { link }));
        else setFaults({ code: words.codeMissing });
      }}
    >
      <p class="lead" role="status">
        {words.codeSent(phone)}
      </p>
      <FaultSummary faults={faults} />
      <div class="weui-cells">
        <TextField
          id="code"
          label={words.code}
          hint={words.codeHint}
          fault={faults.code}
          inputMode="numeric"
          autocomplete="one-time-code"
          maxLength={6}
          value={code}
          onInput={(event) => setCode(event.currentTarget.value.replace(/\D/g, ''))}
        />
      </div>
      <div class="actions">
        <Button type="submit" busy={busy}>
          {link ? words.linkAndSignIn : words.signIn}
        </Button>
        <Button kind="default" busy={busy} idle={wait > 0} onClick={sendCode}>
          {wait > 0 ? words.codeAgainIn(wait) : words.codeAgain}
        </Button>
        <Button
          kind="default"
          onClick={() => {
            setFaults({});
            setStep('phone');
          }}
        >
          {words.otherPhone}
        </Button>
      </div>
    </form>
  );
}

function useCountdown(): [number, (seconds: number) => void] {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, setLeft];
}
