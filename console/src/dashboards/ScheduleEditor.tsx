import {
  type GetDashboardResponse,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  UpdateDashboardCommand,
} from '@aws-sdk/client-cloudtrail';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import Toggle from '@cloudscape-design/components/toggle';
import { useState } from 'react';

import { type Api, useApi } from '../api/client';
import { describeError } from '../api/error';
import { useNotifications } from '../app/notifications-context';
import { useTexts } from '../i18n/useTexts';
import { idOf, type Store } from '../lake/stores';
import { DialogActions } from '../ui/DialogActions';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { FREQUENCIES, refreshSchedule, type Schedule, scheduleOf, withScheduleRights } from './schedule';
import { TEXT } from './text';

export interface ScheduleEditorProps {
  dashboard: GetDashboardResponse;
  stores: readonly Store[];
  onSaved: () => void;
  onDismiss: () => void;
}

/** When a dashboard is refreshed by itself. */
export function ScheduleEditor({ dashboard, stores, onSaved, onDismiss }: ScheduleEditorProps) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const api = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const [schedule, setSchedule] = useState<Schedule>(() => scheduleOf(dashboard.RefreshSchedule));
  const [hasRights, setRights] = useState(true);
  const save = async () => {
    const input = { DashboardId: dashboard.DashboardArn, RefreshSchedule: refreshSchedule(schedule) };
    const isSaved = await run(text.scheduleNotSaved, async () => {
      if (schedule.isOn && hasRights) await giveRights(api, dashboard, stores);
      await api.cloudtrail.send(new UpdateDashboardCommand(input));
    });
    if (isSaved) {
      succeeded(text.scheduleSaved);
      onSaved();
    } else {
      onDismiss();
    }
  };
  return (
    <Modal
      visible
      onDismiss={onDismiss}
      header={text.schedule}
      closeAriaLabel={ui.close}
      footer={
        <DialogActions label={text.done} isBusy={isBusy} onDo={() => void save()} onDismiss={onDismiss} />
      }
    >
      <SpaceBetween size="m">
        <ScheduleFields schedule={schedule} onChange={setSchedule} />
        <Checkbox
          checked={hasRights}
          disabled={!schedule.isOn}
          description={text.rightsHint}
          onChange={({ detail }) => {
            setRights(detail.checked);
          }}
        >
          {text.rights}
        </Checkbox>
      </SpaceBetween>
    </Modal>
  );
}

function ScheduleFields({ schedule, onChange }: { schedule: Schedule; onChange: (schedule: Schedule) => void }) {
  const text = useTexts(TEXT);
  const frequency = FREQUENCIES.find((it) => it === schedule.frequency) ?? 'HOURS 6';
  return (
    <>
      <Toggle
        checked={schedule.isOn}
        onChange={({ detail }) => {
          onChange({ ...schedule, isOn: detail.checked });
        }}
      >
        {text.scheduleOn}
      </Toggle>
      <FormField label={text.frequency}>
        <Select
          disabled={!schedule.isOn}
          selectedOption={{ value: frequency, label: text.frequencies[frequency] }}
          options={FREQUENCIES.map((value) => ({ value, label: text.frequencies[value] }))}
          onChange={({ detail }) => {
            onChange({ ...schedule, frequency: detail.selectedOption.value ?? schedule.frequency });
          }}
        />
      </FormField>
      <FormField label={text.timeOfDay}>
        <TimeInput
          disabled={!schedule.isOn}
          format="hh:mm"
          value={schedule.timeOfDay}
          onChange={({ detail }) => {
            onChange({ ...schedule, timeOfDay: detail.value });
          }}
        />
      </FormField>
    </>
  );
}

/** Lets the service refresh the dashboard, and ask the stores that its widgets name. */
async function giveRights(api: Api, dashboard: GetDashboardResponse, stores: readonly Store[]): Promise<void> {
  const arn = dashboard.DashboardArn ?? '';
  await addRight(api, arn, 'cloudtrail:StartDashboardRefresh', arn);
  const statements = (dashboard.Widgets ?? []).map((widget) => widget.QueryStatement ?? '').join('\n');
  for (const store of stores.filter((it) => statements.includes(idOf(it.EventDataStoreArn)))) {
    await addRight(api, store.EventDataStoreArn ?? '', 'cloudtrail:StartQuery', arn);
  }
}

async function addRight(api: Api, resource: string, action: string, dashboard: string): Promise<void> {
  const policy = withScheduleRights(await currentPolicy(api, resource), action, dashboard, resource);
  await api.cloudtrail.send(new PutResourcePolicyCommand({ ResourceArn: resource, ResourcePolicy: policy }));
}

async function currentPolicy(api: Api, resource: string): Promise<string | undefined> {
  try {
    const answer = await api.cloudtrail.send(new GetResourcePolicyCommand({ ResourceArn: resource }));
    return answer.ResourcePolicy;
  } catch (error) {
    if (describeError(error).code === 'ResourcePolicyNotFoundException') return undefined;
    throw error;
  }
}
