// An event data store that holds the story, for the walks that ask one.
import { gzipSync } from 'node:zlib';

import { CloudTrailClient, CreateEventDataStoreCommand, GetImportCommand, StartImportCommand } from '@aws-sdk/client-cloudtrail';

import { makeBucket, put } from './bucket.js';
import { ACCOUNT, story } from './story.js';

const BUCKET = 'files-of-the-story';
const FOLDER = `AWSLogs/${ACCOUNT}/CloudTrail/`;
const made = new WeakMap();

/** The id of the store, which is made when it is first asked for. */
export function storeOfStory(server) {
  if (!made.has(server)) made.set(server, make(server));
  return made.get(server);
}

/** Puts the story into a bucket as a log file that CloudTrail could have written; answers the address of its folder. */
export async function putStory(server, bucket, name = '0123456789abcdef', body = gzipSync(JSON.stringify(story(Date.now())))) {
  const day = new Date().toISOString().slice(0, 10);
  const file = `${ACCOUNT}_CloudTrail_us-east-1_${day.replaceAll('-', '')}T0000Z_${name}.json.gz`;
  await put(server, `/${bucket}/${FOLDER}us-east-1/${day.replaceAll('-', '/')}/${file}`, body);
  return `s3://${bucket}/${FOLDER}`;
}

async function make(server) {
  const client = clientOf(server);
  await makeBucket(server, BUCKET);
  const S3LocationUri = await putStory(server, BUCKET);
  const { EventDataStoreArn } = await client.send(new CreateEventDataStoreCommand({ Name: 'story', TerminationProtectionEnabled: false }));
  const { ImportId } = await client.send(
    new StartImportCommand({
      Destinations: [EventDataStoreArn],
      ImportSource: { S3: { S3LocationUri, S3BucketRegion: 'us-east-1', S3BucketAccessRoleArn: `arn:aws:iam::${ACCOUNT}:role/reader` } },
    }),
  );
  await ended(client, ImportId);
  return EventDataStoreArn.split('/').at(-1);
}

async function ended(client, ImportId) {
  for (;;) {
    const { ImportStatus } = await client.send(new GetImportCommand({ ImportId }));
    if (ImportStatus === 'COMPLETED') return;
    if (ImportStatus === 'FAILED') throw new Error(`the import ${ImportId} failed`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function clientOf(server) {
  const credentials = { accessKeyId: server.key.access_key_id, secretAccessKey: server.key.secret_access_key };
  return new CloudTrailClient({ endpoint: server.origin, region: 'us-east-1', credentials });
}
