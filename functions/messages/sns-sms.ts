import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { type Channel, DeliveryFailed } from '../platform/messages.js';

/** What trying again will not change. SNS writes some names with and some without the ending. */
const forGood = /^(InvalidParameter(Value)?|ParameterValueInvalid|Validation|OptedOut)(Exception)?$/;

/** SMS by AWS SNS, for an installation outside China: in the China regions SNS sends none. */
export function snsSms(sns: SNSClient): Channel {
  return {
    async deliver(to, { text }) {
      try {
        const { MessageId } = await sns.send(
          new PublishCommand({
            PhoneNumber: to,
            Message: text,
            MessageAttributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } },
          }),
        );
        return MessageId ? { providerId: MessageId } : {};
      } catch (error) {
        // Its message may name the number: only what kind of failure it is goes on.
        const { name } = error as Error;
        throw new DeliveryFailed(name, !forGood.test(name));
      }
    },
  };
}
