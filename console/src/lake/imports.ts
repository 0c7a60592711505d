/** Imports of log files into an event data store. */

import {
  GetImportCommand,
  type GetImportResponse,
  type ImportFailureListItem,
  type ImportsListItem,
  type ImportStatistics,
  type ImportStatus,
  paginateListImportFailures,
  paginateListImports,
  type StartImportRequest,
} from '@aws-sdk/client-cloudtrail';

import type { Api } from '../api/client';

export async function listImports(api: Api, signal: AbortSignal): Promise<ImportsListItem[]> {
  const imports: ImportsListItem[] = [];
  for await (const page of paginateListImports({ client: api.cloudtrail }, {}, { abortSignal: signal })) {
    imports.push(...(page.Imports ?? []));
  }
  return imports;
}

export function getImport(api: Api, id: string, signal: AbortSignal): Promise<GetImportResponse> {
  return api.cloudtrail.send(new GetImportCommand({ ImportId: id }), { abortSignal: signal });
}

export async function listFailures(api: Api, id: string, signal: AbortSignal): Promise<ImportFailureListItem[]> {
  const failures: ImportFailureListItem[] = [];
  const pages = paginateListImportFailures({ client: api.cloudtrail }, { ImportId: id }, { abortSignal: signal });
  for await (const page of pages) failures.push(...(page.Failures ?? []));
  return failures;
}

export function isGoingOn(status: ImportStatus | undefined): boolean {
  return status === 'INITIALIZING' || status === 'IN_PROGRESS';
}

/** How much of what was found is done, in percent; what has ended is done. */
export function percentDone(status: ImportStatus | undefined, statistics: ImportStatistics | undefined): number {
  if (status === 'COMPLETED') return 100;
  const { PrefixesFound = 0, PrefixesCompleted = 0 } = statistics ?? {};
  return PrefixesFound === 0 ? 0 : Math.floor((100 * PrefixesCompleted) / PrefixesFound);
}

export interface ImportSettings {
  readonly destination: string;
  readonly uri: string;
  readonly region: string;
  readonly role: string;
  /** `2026-11-22`, or empty. */
  readonly since: string;
  readonly until: string;
}

export function startRequest(settings: ImportSettings): StartImportRequest {
  return {
    Destinations: [settings.destination],
    ImportSource: {
      S3: {
        S3LocationUri: settings.uri.trim(),
        S3BucketRegion: settings.region.trim(),
        S3BucketAccessRoleArn: settings.role.trim(),
      },
    },
    ...(settings.since !== '' && { StartEventTime: new Date(`${settings.since}T00:00:00Z`) }),
    // The last day belongs to the range.
    ...(settings.until !== '' && { EndEventTime: new Date(`${settings.until}T23:59:59Z`) }),
  };
}

export type ImportProblem = 'destination' | 'uri' | 'region' | 'role';

export function problems(settings: ImportSettings): ReadonlySet<ImportProblem> {
  const found = new Set<ImportProblem>();
  if (settings.destination === '') found.add('destination');
  if (!/^s3:\/\/[a-z0-9][a-z0-9.-]+/.test(settings.uri.trim())) found.add('uri');
  if (settings.region.trim() === '') found.add('region');
  if (!/^arn:[^:]+:iam::\d{12}:role\/./.test(settings.role.trim())) found.add('role');
  return found;
}
