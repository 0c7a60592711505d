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
const SETS: [Set; 50] = [
    ("CreateSecurityGroup", "GroupIds", "groupSet", "groupId"),
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
    ("", "TagSpecifications", "tagSpecificationSet", ""),
    ("", "UserIdGroupPairs", "groups", ""),
    ("", "UserIds", "userIds", "userId"),
    ("", "Values", "valueSet", "value"),
    ("", "VolumeIds", "volumeSet", "volumeId"),
    ("", "VpcIds", "vpcSet", "vpcId"),
    ("", "VpcPeeringConnectionIds", "vpcPeeringConnectionIdSet", "vpcPeeringConnectionId"),
    ("", "VpnConnectionIds", "vpnConnectionSet", "vpnConnectionId"),
    ("", "VpnGatewayIds", "vpnGatewaySet", "vpnGatewayId"),
    ("", "ZoneNames", "availabilityZoneSet", "zoneName"),
    ("", "Add", "add", ""),
    ("", "Remove", "remove", ""),
];

/// Sets that are there even when they are empty: operation (a prefix), member, of which structure's members they are.
const ALWAYS: [(&str, &str); 6] = [
    ("AuthorizeSecurityGroup", "IpPermissions"),
    ("CreateNetworkInterface", "Groups"),
    ("Describe", ""),
    ("RegisterImage", "BlockDeviceMappings"),
    ("RevokeSecurityGroup", "IpPermissions"),
    ("RunInstances", "BlockDeviceMappings"),
];

/// Operations whose filters came later than their form.
const UNFILTERED: [&str; 2] = ["DescribeAvailabilityZones", "DescribeRegions"];

/// Members with another name: operation (a prefix), member, name.
const NAMES: [(&str, &str, &str); 5] = [
    ("CreateSecurityGroup", "Description", "groupDescription"),
    ("CreateVolume", "AvailabilityZone", "zone"),
    ("ModifyImageAttribute", "Attribute", "attributeType"),
    ("ModifySnapshotAttribute", "Attribute", "attributeType"),
    ("RunInstances", "IamInstanceProfile", "iamInstanceProfile"),
];

/// Numbers that are written as texts: operation, member.
const TEXTS: [(&str, &str); 2] = [("CreateSnapshot", "VolumeSize"), ("CreateVolume", "Size")];

/// What RunInstances says of the machines themselves stands in a set of one.
const MACHINES: [&str; 4] = ["ImageId", "MinCount", "MaxCount", "KeyName"];

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
            printed.insert("instancesSet".to_owned(), json!({"items": [machine]}));
        }
        for member in members {
            let always = self.is_always(member.name).then(|| json!([]));
            if let Some(value) = asked.remove(member.name).or(always)
                && let Some((name, value)) = self.member(member, value)
            {
                printed.insert(name, value);
            }
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
                ((*set).to_owned(), set_of(items))
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

fn set_of(items: Vec<Value>) -> Value {
    if items.is_empty() { json!({}) } else { json!({ "items": items }) }
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
            Some((member.wire_name().to_owned(), shown))
        });
        printed.collect()
    }

    fn value(&self, member: &Member, value: Value) -> Value {
        let Kind::Shape(number) = member.kind else { return scalar(self.operation, member, value) };
        match (self.model.shape(number), value) {
            (Shape::Structure { members, .. }, Value::Object(values)) => Value::Object(self.structure(members, values)),
            (Shape::List { item, .. }, Value::Array(items)) => {
                set_of(items.into_iter().map(|value| self.value(item, value)).collect())
            }
            (_, value) => value,
        }
    }
}
