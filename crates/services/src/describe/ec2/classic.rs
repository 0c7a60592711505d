//! EC2's oldest operations: lists are sets of items, named as the SOAP API named them.

use serde_json::{Map, Value, json};

use crate::Operation;
use crate::describe::hidden::{self, Showing};
use crate::describe::render::small;
use crate::describe::time::Times;
use crate::table::{Kind, Member, Model, Shape};
use crate::wire::xml::{self, Element};

/// A list of a request: the operation it is of (all if empty), its member in the model, the set, what an item is called (nothing if
/// it is a structure).
type Set = (&'static str, &'static str, &'static str, &'static str);

/// Those of one operation come before those of all.
const SETS: [Set; 54] = [
    ("CreateSecurityGroup", "GroupIds", "groupSet", "groupId"),
    ("DescribePlacementGroups", "GroupIds", "placementGroupIdSet", "groupId"),
    ("DescribePlacementGroups", "GroupNames", "placementGroupSet", "groupName"),
    ("DescribeSecurityGroups", "GroupIds", "securityGroupIdSet", "groupId"),
    ("DescribeSecurityGroups", "GroupNames", "securityGroupSet", "groupName"),
    ("DescribeSnapshots", "OwnerIds", "ownersSet", "owner"),
    ("DescribeSnapshots", "RestorableByUserIds", "sharedUsersSet", "user"),
    ("DescribeImages", "ExecutableUsers", "executableBySet", "user"),
    ("DescribeImages", "Owners", "ownersSet", "owner"),
    ("", "AllocationIds", "allocationIdsSet", "allocationId"),
    ("", "AttributeNames", "accountAttributeNameSet", "attributeName"),
    ("", "BlockDeviceMappings", "blockDeviceMapping", ""),
    ("", "BundleIds", "bundlesSet", "bundleId"),
    ("", "CustomerGatewayIds", "customerGatewaySet", "customerGatewayId"),
    ("", "DhcpOptionsIds", "dhcpOptionsSet", "dhcpOptionsId"),
    ("", "Filters", "filterSet", ""),
    ("", "Groups", "groupSet", "groupId"),
    ("", "ImageIds", "imagesSet", "imageId"),
    ("", "InstanceIds", "instancesSet", "instanceId"),
    ("", "InternetGatewayIds", "internetGatewayIdSet", "internetGatewayId"),
    ("", "IpPermissions", "ipPermissions", ""),
    ("", "IpRanges", "ipRanges", ""),
    ("", "Ipv6Ranges", "ipv6Ranges", ""),
    ("", "KeyNames", "keySet", "keyName"),
    ("", "KeyPairIds", "keyPairIdSet", "keyPairId"),
    ("", "NetworkAclIds", "networkAclIdSet", "networkAclId"),
    ("", "NetworkInterfaceIds", "networkInterfaceIdSet", "networkInterfaceId"),
    ("", "NetworkInterfaces", "networkInterfaceSet", ""),
    ("", "PrefixListIds", "prefixListIds", ""),
    ("", "PrivateIpAddresses", "privateIpAddressesSet", ""),
    ("", "PublicIps", "publicIpsSet", "publicIp"),
    ("", "RegionNames", "regionSet", "regionName"),
    ("", "ReservedInstancesIds", "reservedInstancesSet", "reservedInstancesId"),
    ("", "Resources", "resourcesSet", "resourceId"),
    ("", "RouteTableIds", "routeTableIdSet", "routeTableId"),
    ("", "SecurityGroupIds", "groupSet", "groupId"),
    ("", "SecurityGroups", "groupSet", "groupName"),
    ("", "SnapshotIds", "snapshotSet", "snapshotId"),
    ("", "SpotInstanceRequestIds", "spotInstanceRequestIdSet", "spotInstanceRequestId"),
    ("", "SubnetIds", "subnetSet", "subnetId"),
    ("", "Tags", "tagSet", ""),
    ("", "TagSpecifications", "tagSpecificationSet", ""),
    ("", "UserIdGroupPairs", "groups", ""),
    ("", "UserIds", "userIds", "userId"),
    ("", "Values", "valueSet", "value"),
    ("", "VolumeIds", "volumeSet", "volumeId"),
    ("", "VpcIds", "vpcSet", "vpcId"),
    ("", "VpcPeeringConnectionIds", "vpcPeeringConnectionIdSet", "vpcPeeringConnectionId"),
    ("", "VpnConnectionIds", "vpnConnectionSet", "vpnConnectionId"),
    ("", "VpnGatewayIds", "vpnGatewaySet", "vpnGatewayId"),
    ("", "ZoneIds", "availabilityZoneIdSet", "zoneId"),
    ("", "ZoneNames", "availabilityZoneSet", "zoneName"),
    ("", "Add", "add", ""),
    ("", "Remove", "remove", ""),
];

/// Sets that are there even when they are empty: operation (a prefix) and member, any if it is empty.
const ALWAYS: [(&str, &str); 7] = [
    ("AuthorizeSecurityGroup", "IpPermissions"),
    ("CreateNetworkInterface", "Groups"),
    ("CreateNetworkInterface", "PrivateIpAddresses"),
    ("Describe", ""),
    ("RegisterImage", "BlockDeviceMappings"),
    ("RevokeSecurityGroup", "IpPermissions"),
    ("RunInstances", "BlockDeviceMappings"),
];

/// Operations whose filters came later than their form.
const UNFILTERED: [&str; 2] = ["DescribeAvailabilityZones", "DescribeRegions"];

/// Members with another name: operation, member, name.
const NAMES: [(&str, &str, &str); 4] = [
    ("CreateSecurityGroup", "Description", "groupDescription"),
    ("CreateVolume", "AvailabilityZone", "zone"),
    ("ModifyImageAttribute", "Attribute", "attributeType"),
    ("ModifySnapshotAttribute", "Attribute", "attributeType"),
];

/// What no request has, but its record: operation, name, the value (JSON).
const ADDED: [(&str, &str, &str); 3] = [
    ("DeleteSnapshot", "force", "false"),
    ("DeleteVolume", "reportVolumeFailure", "false"),
    ("DescribeAccountAttributes", "filterSet", "{}"),
];

/// Sets whose items are called `item` instead: of a request by its operation, of an answer by the set's name.
const SINGULAR: [&str; 2] = ["DescribeVpcClassicLink vpcSet", "privateIpAddressesSet"];

/// Numbers that are written as texts: operation, member.
const TEXTS: [(&str, &str); 2] = [("CreateSnapshot", "VolumeSize"), ("CreateVolume", "Size")];

/// What RunInstances says of the machines themselves stands in a set of one.
const MACHINES: [&str; 4] = ["ImageId", "MinCount", "MaxCount", "KeyName"];

/// What a member of an operation's request is called, and what an item of it.
#[cfg(test)]
pub(crate) fn set_and_key(operation: &'static str, member: &Member) -> (String, &'static str) {
    let name = NAMES.iter().find(|(of, name, _)| operation == *of && *name == member.name);
    let set = SETS.iter().find(|(of, name, ..)| *name == member.name && (*of == operation || of.is_empty()));
    match (set, name) {
        (Some((_, _, set, key)), _) => ((*set).to_owned(), key),
        (None, Some((.., name))) => ((*name).to_owned(), ""),
        (None, None) => (small(member.wire_name()), ""),
    }
}

/// Prints the request of one operation.
#[derive(Debug)]
pub(super) struct Request {
    model: &'static Model,
    operation: &'static str,
}

impl Request {
    pub(super) fn new(operation: &Operation) -> Self {
        Self { model: operation.model(), operation: operation.inner.name }
    }

    pub(super) fn print(&self, members: &[Member], mut asked: Map<String, Value>) -> Map<String, Value> {
        let mut printed = Map::new();
        if self.operation == "RunInstances" {
            let machine: Map<_, _> =
                MACHINES.iter().filter_map(|name| Some((small(name), asked.remove(*name)?))).collect();
            if !machine.is_empty() {
                printed.insert("instancesSet".to_owned(), json!({"items": [machine]}));
            }
            // Where they run stands beside the other parameters.
            let placement = asked.remove("Placement");
            let placement = placement.as_ref().and_then(Value::as_object).into_iter().flatten();
            printed.extend(placement.map(|(name, value)| (small(name), value.clone())));
        }
        for member in members {
            let always = self.is_always(member.name).then(|| json!([]));
            if let Some(value) = asked.remove(member.name).or(always)
                && let Some((name, value)) = self.member(member, value)
            {
                printed.insert(name, value);
            }
        }
        for (_, name, value) in ADDED.iter().filter(|(operation, ..)| *operation == self.operation) {
            let value = serde_json::from_str(value).expect("our own JSON");
            printed.entry(*name).or_insert(value);
        }
        printed
    }

    fn is_always(&self, member: &str) -> bool {
        let is_filtered = member != "Filters" || !UNFILTERED.contains(&self.operation);
        let listed = |(operation, name): &(&str, &str)| {
            self.operation.starts_with(operation) && (*name == member || name.is_empty())
        };
        self.set(member).is_some() && ALWAYS.iter().any(listed) && is_filtered
    }

    fn set(&self, member: &str) -> Option<&'static Set> {
        SETS.iter()
            .find(|(operation, name, ..)| *name == member && (*operation == self.operation || operation.is_empty()))
    }

    fn member(&self, member: &Member, value: Value) -> Option<(String, Value)> {
        if value.is_null() {
            return None;
        }
        let renamed = NAMES.iter().find(|(operation, name, _)| self.operation == *operation && *name == member.name);
        let name = renamed.map_or_else(|| small(member.wire_name()), |(.., name)| (*name).to_owned());
        if let Showing::Masked(mask) = hidden::showing("ec2", member) {
            return Some((name, mask.into()));
        }
        let Kind::Shape(number) = member.kind else { return Some((name, scalar(self.operation, member, value))) };
        let (shape, set) = (self.model.shape(number), self.set(member.name));
        Some(match (shape, value, set) {
            (Shape::Structure { members, .. }, Value::Object(values), _) => {
                (name, Value::Object(self.nested(members, values)))
            }
            (Shape::List { item, .. }, Value::Array(items), Some((_, _, set, key))) => {
                let items: Vec<_> = items.into_iter().map(|value| self.item(item, value, key)).collect();
                ((*set).to_owned(), set_of(&format!("{} {set}", self.operation), items))
            }
            (Shape::List { item, .. }, Value::Array(items), None) => {
                (name, items.into_iter().map(|value| self.item(item, value, "")).collect())
            }
            (_, value, _) => (name, value),
        })
    }

    fn item(&self, item: &Member, value: Value, key: &str) -> Value {
        match (item.kind, value) {
            (Kind::Shape(number), Value::Object(values)) => {
                Value::Object(self.nested(self.model.members(Some(number)), values))
            }
            (_, value) if key.is_empty() => value,
            (_, value) => json!({ key: value }),
        }
    }

    /// The members of a structure inside; a permission always has all of its sets.
    fn nested(&self, members: &[Member], mut values: Map<String, Value>) -> Map<String, Value> {
        let is_permission = members.iter().any(|member| member.name == "IpProtocol");
        let is_tags = members.iter().any(|member| member.name == "ResourceType");
        let mut printed = Map::new();
        for member in members {
            let always = (is_permission && self.set(member.name).is_some()).then(|| json!([]));
            let Some(value) = values.remove(member.name).or(always) else { continue };
            if is_tags && member.name == "Tags" {
                printed.insert("tags".to_owned(), tags(&value));
            } else {
                printed.extend(self.member(member, value));
            }
        }
        printed
    }
}

/// The tags of a specification: no set, but a plain list.
fn tags(value: &Value) -> Value {
    let tags = value.as_array().into_iter().flatten().filter_map(Value::as_object);
    let tag = |tag: &Map<String, Value>| {
        Value::Object(tag.iter().map(|(name, value)| (small(name), value.clone())).collect())
    };
    tags.map(tag).collect()
}

fn set_of(set: &str, items: Vec<Value>) -> Value {
    let name = if SINGULAR.contains(&set) { "item" } else { "items" };
    if items.is_empty() { json!({}) } else { json!({ name: items }) }
}

fn scalar(operation: &str, member: &Member, value: Value) -> Value {
    let is_text = TEXTS.contains(&(operation, member.name));
    match value {
        Value::Number(number) if is_text => number.to_string().into(),
        value if member.kind == Kind::Timestamp => Times::Milliseconds.print(value),
        value => value,
    }
}

/// What an answer shows: the request's id, then its members under their names on the wire.
pub(super) fn elements(operation: &Operation, root: &Element) -> Map<String, Value> {
    let members = operation.model().members(operation.inner.output);
    let mut printed = Map::new();
    printed.extend(root.text_of("requestId").map(|id| ("requestId".to_owned(), id.into())));
    if let Some(done) = root.text_of("return") {
        printed.insert("_return".to_owned(), crate::wire::scalar::guessed(done));
    }
    let answer = Answer { model: operation.model(), operation: operation.inner.name };
    printed.extend(answer.structure(members, xml::structure(answer.model, members, root)));
    printed.remove("return");
    printed
}

struct Answer {
    model: &'static Model,
    operation: &'static str,
}

impl Answer {
    fn structure(&self, members: &[Member], mut values: Map<String, Value>) -> Map<String, Value> {
        let printed = members.iter().filter_map(|member| {
            let value = values.remove(member.name).filter(|value| !value.is_null())?;
            let shown = match hidden::showing("ec2", member) {
                Showing::Masked(mask) => mask.into(),
                _ => self.value(member, value),
            };
            let renamed =
                NAMES.iter().find(|(operation, name, _)| self.operation == *operation && *name == member.name);
            Some((renamed.map_or_else(|| member.wire_name(), |(.., name)| name).to_owned(), shown))
        });
        printed.collect()
    }

    fn value(&self, member: &Member, value: Value) -> Value {
        let Kind::Shape(number) = member.kind else { return scalar(self.operation, member, value) };
        match (self.model.shape(number), value) {
            (Shape::Structure { members, .. }, Value::Object(values)) => Value::Object(self.structure(members, values)),
            (Shape::List { item, .. }, Value::Array(items)) => {
                let items = items.into_iter().map(|value| self.value(item, value)).collect();
                set_of(member.wire_name(), items)
            }
            (_, value) => value,
        }
    }
}
