"""Walks at random over the Lake's operations: every answer is what a small model says, refusals too, also after kills."""

import json
import random

import pytest
from botocore.exceptions import ClientError

from server import ACCOUNT
from test_audit_events import event
from test_event_data_stores import only, plain
from test_queries import ask

STEPS = 150
#: One step in so many is a kill.
KILL_EVERY = 40
SOURCES = ("Custom", "GitHub", "OktaSystemLogEvents")


class Store:
    def __init__(self, name, is_outside, is_protected):
        self.name, self.is_outside, self.is_protected = name, is_outside, is_protected
        self.is_ingesting, self.is_gone, self.days, self.tags = True, False, 366, {}
        #: The channels and UIDs of the events from outside that it has: each channel's UIDs are its own.
        self.events = set()

    @property
    def status(self):
        return "PENDING_DELETION" if self.is_gone else "ENABLED" if self.is_ingesting else "STOPPED_INGESTION"


class Channel:
    def __init__(self, name, source, stores):
        self.name, self.source, self.stores, self.is_closed = name, source, stores, False


def destinations(arns):
    return [{"Type": "EVENT_DATA_STORE", "Location": arn} for arn in arns]


class Walk:
    def __init__(self, server, seed):
        self.server, self.chance = server, random.Random(seed)
        self.lake = server.boto("cloudtrail", f"walk-region-{seed}", parameter_validation=False)
        self.data = server.boto("cloudtrail-data", f"walk-region-{seed}")
        self.stores, self.channels, self.gone_channels, self.count = {}, {}, [], 0
        #: Each operation with how it was answered.
        self.seen = set()
        self.steps = [getattr(self, name) for name in dir(self) if name.startswith("do_")]

    def step(self):
        step = self.chance.choice(self.steps)
        print(step.__name__)
        step()

    def call(self, refusal, operation, **arguments):
        """The answer, or nothing if the call is to be refused, and is."""
        print("  ", operation, arguments, refusal or "")
        self.seen.add((operation, refusal))
        client = self.data if operation == "put_audit_events" else self.lake
        try:
            answer = plain(getattr(client, operation)(**arguments))
        except ClientError as error:
            assert error.response["Error"]["Code"] == refusal, error
            return None
        assert refusal is None, answer
        return answer

    def name(self, taken):
        """A fresh name, or now and then one that is taken."""
        self.count += 1
        return self.chance.choice(taken) if taken and self.chance.random() < 0.2 else f"name-{self.count}"

    def store(self):
        return self.chance.choice(list(self.stores.items())) if self.stores else (None, None)

    def channel(self):
        """A channel, or one that is there no more."""
        known = list(self.channels) + self.gone_channels
        arn = self.chance.choice(known) if known else None
        return arn, self.channels.get(arn)

    # Stores

    def do_create_store(self):
        names = [store.name for store in self.stores.values()]
        store = Store(self.name(names), self.chance.random() < 0.6, self.chance.random() < 0.2)
        refusal = ("EventDataStoreAlreadyExistsException" if store.name in names
                   else "EventDataStoreMaxLimitExceededException" if len(names) >= 10 else None)
        answer = self.call(
            refusal, "create_event_data_store", Name=store.name, TerminationProtectionEnabled=store.is_protected,
            AdvancedEventSelectors=only("ActivityAuditLog" if store.is_outside else "Management"),
            MultiRegionEnabled=not store.is_outside)
        if answer:
            assert answer["Status"] == "CREATED"
            self.stores[answer["EventDataStoreArn"]] = store

    def do_update_store(self):
        arn, store = self.store()
        if not arn:
            return
        others = [other.name for other in self.stores.values() if other is not store]
        name, days, is_protected = self.name(others), self.chance.choice((6, 7, 100, 3653, 3654)), self.chance.random() < 0.2
        refusal = ("InvalidParameterException" if days in (6, 3654)
                   else "InactiveEventDataStoreException" if store.is_gone
                   else "EventDataStoreAlreadyExistsException" if name in others else None)
        if self.call(refusal, "update_event_data_store", EventDataStore=arn, Name=name, RetentionPeriod=days,
                     TerminationProtectionEnabled=is_protected):
            store.name, store.days, store.is_protected = name, days, is_protected

    def do_delete_store(self):
        arn, store = self.store()
        if not arn:
            return
        refusal = ("InactiveEventDataStoreException" if store.is_gone
                   else "EventDataStoreTerminationProtectedException" if store.is_protected
                   else "ChannelExistsForEDSException" if any(arn in channel.stores for channel in self.channels.values())
                   else None)
        if self.call(refusal, "delete_event_data_store", EventDataStore=arn) is not None:
            store.is_gone = True

    def do_restore_store(self):
        arn, store = self.store()
        if not arn:
            return
        refusal = None if store.is_gone else "InvalidEventDataStoreStatusException"
        answer = self.call(refusal, "restore_event_data_store", EventDataStore=arn)
        if answer:
            store.is_gone = False
            assert answer["Status"] == store.status

    def do_stop_or_start_store(self):
        arn, store = self.store()
        if not arn:
            return
        operation, needed = self.chance.choice((("stop", "ENABLED"), ("start", "STOPPED_INGESTION")))
        refusal = ("InvalidEventDataStoreCategoryException" if store.is_outside and not store.is_gone
                   else "InvalidEventDataStoreStatusException" if store.status != needed else None)
        if self.call(refusal, f"{operation}_event_data_store_ingestion", EventDataStore=arn) is not None:
            store.is_ingesting = operation == "start"

    def do_tag_store(self):
        arn, store = self.store()
        if not arn:
            return
        refusal = "InactiveEventDataStoreException" if store.is_gone else None
        key, value = self.chance.choice("abc"), str(self.count)
        if self.chance.random() < 0.5:
            if self.call(refusal, "add_tags", ResourceId=arn, TagsList=[{"Key": key, "Value": value}]) is not None:
                store.tags[key] = value
        elif self.call(refusal, "remove_tags", ResourceId=arn, TagsList=[{"Key": key}]) is not None:
            store.tags.pop(key, None)
        answer = self.call(refusal, "list_tags", ResourceIdList=[arn])
        if answer:
            tags = {tag["Key"]: tag["Value"] for tag in answer["ResourceTagList"][0].get("TagsList", [])}
            assert tags == store.tags

    def do_look_at_stores(self):
        listed, token = [], {}
        while True:
            page = self.call(None, "list_event_data_stores", MaxResults=self.chance.randint(1, 4), **token)
            listed += page["EventDataStores"]
            if "NextToken" not in page:
                break
            token = {"NextToken": page["NextToken"]}
        assert listed == [{"EventDataStoreArn": arn, "Name": store.name} for arn, store in self.stores.items()]
        for arn, store in self.stores.items():
            shown = self.call(None, "get_event_data_store", EventDataStore=arn)
            seen = [shown[key] for key in ("Name", "Status", "RetentionPeriod", "TerminationProtectionEnabled")]
            assert seen == [store.name, store.status, store.days, store.is_protected]

    # Channels

    def wanted(self):
        """Stores for a channel, and the refusal of the first that doesn't fit."""
        arns = self.chance.sample(list(self.stores), k=min(len(self.stores), self.chance.randint(1, 2)))
        for arn in arns:
            if self.stores[arn].is_gone:
                return arns, "InactiveEventDataStoreException"
            if not self.stores[arn].is_outside:
                return arns, "InvalidEventDataStoreCategoryException"
        return arns, None

    def do_create_channel(self):
        names = [channel.name for channel in self.channels.values()]
        name, source, (arns, refusal) = self.name(names), self.chance.choice(SOURCES), self.wanted()
        if not arns:
            return
        if name in names:
            refusal = "ChannelAlreadyExistsException"
        elif any(channel.source == source for channel in self.channels.values()):
            refusal = "ChannelMaxLimitExceededException"
        answer = self.call(refusal, "create_channel", Name=name, Source=source, Destinations=destinations(arns))
        if answer:
            self.channels[answer["ChannelArn"]] = Channel(name, source, arns)

    def do_update_channel(self):
        (arn, channel), (arns, refusal) = self.channel(), self.wanted()
        if not arn:
            return
        refusal = refusal if channel else "ChannelNotFoundException"
        if self.call(refusal, "update_channel", Channel=arn, Destinations=destinations(arns)):
            channel.stores = arns

    def do_delete_channel(self):
        arn, channel = self.channel()
        if not arn or self.chance.random() < 0.5:
            return
        if self.call(None if channel else "ChannelNotFoundException", "delete_channel", Channel=arn) is not None:
            del self.channels[arn]
            self.gone_channels.append(arn)

    def do_close_or_open_channel(self):
        arn, channel = self.channel()
        if not channel:
            return
        if channel.is_closed or self.chance.random() < 0.3:
            refusal = None if channel.is_closed else "ResourcePolicyNotFoundException"
            self.call(refusal, "delete_resource_policy", ResourceArn=arn)
            channel.is_closed = False
            return
        deny = {"Sid": "closed", "Effect": "Deny", "Principal": {"AWS": [ACCOUNT]},
                "Action": "cloudtrail-data:PutAuditEvents", "Resource": arn}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
        self.call(None, "put_resource_policy", ResourceArn=arn, ResourcePolicy=policy)
        channel.is_closed = True

    def do_look_at_channels(self):
        listed = self.call(None, "list_channels")["Channels"]
        assert listed == [{"ChannelArn": arn, "Name": channel.name} for arn, channel in self.channels.items()]
        for arn, channel in self.channels.items():
            assert self.call(None, "get_channel", Channel=arn)["Destinations"] == destinations(channel.stores)

    # Events

    def do_put_events(self):
        arn, channel = self.channel()
        if not arn:
            return
        # Some have been put before.
        ids = sorted({f"{self.chance.randrange(60)}" for _ in range(self.chance.randint(1, 8))})
        bad = {id for id in ids if self.chance.random() < 0.1}
        refusal = ("ChannelNotFound" if not channel else "ChannelInsufficientPermission" if channel.is_closed else None)
        entries = [event(id, **({"eventTime": "today"} if id in bad else {})) for id in ids]
        answer = self.call(refusal, "put_audit_events", channelArn=arn, auditEvents=entries)
        if answer:
            assert [entry["id"] for entry in answer["successful"]] == [id for id in ids if id not in bad]
            assert {entry["id"] for entry in answer["failed"]} == bad
            for store in channel.stores:
                self.stores[store].events |= {(arn, f"uid-{id}") for id in ids if id not in bad}

    do_put_more_events = do_put_even_more_events = do_put_events

    def do_ask(self):
        outside = [(arn, store) for arn, store in self.stores.items() if store.is_outside]
        if not outside:
            return
        arn, store = self.chance.choice(outside)
        statement = f"SELECT eventData.uid AS uid FROM {arn.split('/')[1]}"
        if store.is_gone:
            self.call("InactiveEventDataStoreException", "start_query", QueryStatement=statement)
            return
        print("  ", statement)
        assert sorted(row["uid"] for row in ask(self.lake, statement)) == sorted(uid for _, uid in store.events)

    do_ask_again = do_ask


@pytest.mark.parametrize("seed", range(3))
def test_every_answer_is_what_the_model_says(fresh, seed):
    walk = Walk(fresh, seed)
    for step in range(1, STEPS + 1):
        walk.step()
        if step % KILL_EVERY == 0:
            print("kill")
            fresh.kill()
            fresh.start()
    for look in (walk.do_look_at_stores, walk.do_look_at_channels, walk.do_ask):
        look()
    # The walk has come to what it is about, and was refused a lot.
    done = {operation for operation, refusal in walk.seen if refusal is None}
    assert {"put_audit_events", "update_channel", "delete_channel", "restore_event_data_store"} <= done
    assert len(walk.seen - {(operation, None) for operation in done}) >= 12
