import type { Json, JsonObject, TrailRecord } from './record';

/** Members of parameters that name what a call is about, the most telling first. */
const NAMING = /(?:^name|Name|Id|Arn|ARN|Identifier|^bucket|^key|^resource)$/;

/** Members that end so and yet name nothing. */
const NOT_NAMING = /^(?:clientRequestToken|requestId|roleSessionName|maxResults|principalId|accountId|hostName|xAmz.*|x-amz.*)$/i;

/**
 * The resources that a record names, as far as its own text tells: those that it lists, then what its parameters name.
 * The server knows more (it has tables by service); this is for tables and sentences, where asking would take too long.
 */
export function resourcesOf(record: TrailRecord): string[] {
  const listed = (record.resources ?? []).flatMap((resource) => resource.ARN ?? []);
  const named = record.requestParameters ? namesIn(record.requestParameters) : [];
  return [...new Set([...named, ...listed])];
}

/** The one that a row has room for. */
export function mainResource(record: TrailRecord): string | undefined {
  return resourcesOf(record)[0];
}

function namesIn(parameters: JsonObject): string[] {
  return Object.entries(parameters).flatMap(([member, value]) => {
    if (NOT_NAMING.test(member)) return [];
    if (NAMING.test(member)) return texts(value);
    // Sets of things (`instancesSet: { items: [{ instanceId }] }`) are looked through.
    if (/Set$|^items$/.test(member)) return namesBelow(value);
    return [];
  });
}

function namesBelow(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(namesBelow);
  return typeof value === 'object' && value !== null ? namesIn(value) : [];
}

function texts(value: Json): string[] {
  if (typeof value === 'string') return value === '' || value.length > 300 ? [] : [value];
  return Array.isArray(value) ? value.flatMap((item) => (typeof item === 'string' ? texts(item) : [])) : [];
}

/** The last part of an ARN or path, for where there is little room. */
export function shortName(name: string): string {
  if (!name.startsWith('arn:')) return name;
  const resource = name.split(':').slice(5).join(':');
  return resource === '' ? name : resource.replace(/^(?:user|role|group|policy|function|table|key|instance|log-group)[/:]/, '');
}
