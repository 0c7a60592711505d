//! EC2.

use super::{INSTANCE, Rule, asked, told};

/// An instance that is run is listed with what it is made of (seen).
pub(super) const EC2: &[Rule] = {
    const VPC: &str = "AWS::EC2::VPC";
    const AMI: &str = "AWS::EC2::Ami";
    const INTERFACE: &str = "AWS::EC2::NetworkInterface";
    const KEY_PAIR: &str = "AWS::EC2::KeyPair";
    const SECURITY_GROUP: &str = "AWS::EC2::SecurityGroup";
    const SUBNET: &str = "AWS::EC2::Subnet";
    const VOLUME: &str = "AWS::EC2::Volume";
    const SNAPSHOT: &str = "AWS::EC2::Snapshot";
    const ROUTE_TABLE: &str = "AWS::EC2::RouteTable";
    const GATEWAY: &str = "AWS::EC2::InternetGateway";
    const NAT: &str = "AWS::EC2::NatGateway";
    const ACL: &str = "AWS::EC2::NetworkAcl";
    const ENDPOINT: &str = "AWS::EC2::VPCEndpoint";
    const PEERING: &str = "AWS::EC2::VPCPeeringConnection";
    const TEMPLATE: &str = "AWS::EC2::LaunchTemplate";
    const EIP: &str = "AWS::EC2::EIP";
    &[
        asked("instanceId", INSTANCE),
        asked("instancesSet.items.instanceId", INSTANCE),
        told("instancesSet.items.instanceId", INSTANCE),
        asked("vpcId", VPC),
        asked("vpcSet.items.vpcId", VPC),
        told("vpc.vpcId", VPC),
        told("instancesSet.items.vpcId", VPC),
        asked("imageId", AMI),
        asked("imagesSet.items.imageId", AMI),
        asked("instancesSet.items.imageId", AMI),
        told("instancesSet.items.imageId", AMI),
        told("imageId", AMI),
        asked("networkInterfaceId", INTERFACE),
        asked("networkInterfaceIdSet.items.networkInterfaceId", INTERFACE),
        told("networkInterface.networkInterfaceId", INTERFACE),
        told("instancesSet.items.networkInterfaceSet.items.networkInterfaceId", INTERFACE),
        asked("keyName", KEY_PAIR),
        told("keyName", KEY_PAIR),
        asked("instancesSet.items.keyName", KEY_PAIR),
        told("instancesSet.items.keyName", KEY_PAIR),
        asked("groupId", SECURITY_GROUP),
        asked("groupName", SECURITY_GROUP),
        told("groupId", SECURITY_GROUP),
        asked("groupSet.items.groupId", SECURITY_GROUP),
        asked("securityGroupSet.items.groupId", SECURITY_GROUP),
        asked("securityGroupSet.items.groupName", SECURITY_GROUP),
        asked("securityGroupIdSet.items.groupId", SECURITY_GROUP),
        told("instancesSet.items.groupSet.items.groupId", SECURITY_GROUP),
        told("instancesSet.items.groupSet.items.groupName", SECURITY_GROUP),
        asked("subnetId", SUBNET),
        asked("subnetSet.items.subnetId", SUBNET),
        told("subnet.subnetId", SUBNET),
        told("instancesSet.items.subnetId", SUBNET),
        asked("volumeId", VOLUME),
        asked("volumeSet.items.volumeId", VOLUME),
        told("volumeId", VOLUME),
        asked("snapshotId", SNAPSHOT),
        asked("snapshotSet.items.snapshotId", SNAPSHOT),
        told("snapshotId", SNAPSHOT),
        asked("routeTableId", ROUTE_TABLE),
        asked("routeTableIdSet.items.routeTableId", ROUTE_TABLE),
        told("routeTable.routeTableId", ROUTE_TABLE),
        asked("internetGatewayId", GATEWAY),
        asked("internetGatewayIdSet.items.internetGatewayId", GATEWAY),
        told("internetGateway.internetGatewayId", GATEWAY),
        asked("natGatewayId", NAT),
        told("CreateNatGatewayResponse.natGateway.natGatewayId", NAT),
        asked("networkAclId", ACL),
        told("networkAcl.networkAclId", ACL),
        asked("DeleteVpcEndpointsRequest.VpcEndpointId.content", ENDPOINT),
        told("CreateVpcEndpointResponse.vpcEndpoint.vpcEndpointId", ENDPOINT),
        asked("vpcPeeringConnectionId", PEERING),
        told("vpcPeeringConnection.vpcPeeringConnectionId", PEERING),
        asked("allocationId", EIP),
        asked("publicIp", EIP),
        told("allocationId", EIP),
        told("publicIp", EIP),
        asked("launchTemplateId", TEMPLATE),
        told("CreateLaunchTemplateResponse.launchTemplate.launchTemplateId", TEMPLATE),
        asked("dhcpOptionsId", "AWS::EC2::DHCPOptions"),
        asked("customerGatewayId", "AWS::EC2::CustomerGateway"),
        asked("vpnGatewayId", "AWS::EC2::VPNGateway"),
        asked("vpnConnectionId", "AWS::EC2::VPNConnection"),
        asked("transitGatewayId", "AWS::EC2::TransitGateway"),
    ]
};
