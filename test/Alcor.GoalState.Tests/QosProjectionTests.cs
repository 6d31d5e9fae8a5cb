using Alcor.Kernel.Store;
using Alcor.Network.FloatingIps;
using Alcor.Network.Ports;
using Alcor.Network.Qos;
using Alcor.Network.Sharing;
using Alcor.Protocol;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.GoalState.Tests;

public sealed class QosProjectionTests
{
    [Fact]
    public void A_policy_tells_its_limits_in_kilobits_and_packets_and_its_mark()
    {
        var policy = Samples.Policy(
            1,
            Samples.QosRule(QosRuleKind.BandwidthLimit, 5_000, 800, QosRuleKind.Ingress),
            Samples.QosRule(QosRuleKind.BandwidthLimit, 3_000, 0, QosRuleKind.Egress),
            Samples.QosRule(QosRuleKind.DscpMarking, 46),
            Samples.QosRule(QosRuleKind.PacketRateLimit, 2, 1, QosRuleKind.Egress));
        var entry = Projection.Of(policy, 4)!;
        Assert.Equal(EntryKey.Parse(EntryKind.QosPolicy, policy.Id), entry.Key);
        Assert.Empty(entry.Leads);
        Assert.Equal(
            new QosPolicyEntry
            {
                Limits =
                {
                    new QosLimit { Rate = 5_000, Burst = 800 },
                    new QosLimit { Egress = true, Rate = 3_000 },
                    new QosLimit { Egress = true, Packets = true, Rate = 2_000, Burst = 1_000 },
                },
                Dscp = 46,
            },
            QosPolicyEntry.Parser.ParseFrom(entry.Value.Span));
    }

    [Fact]
    public void What_a_policy_guarantees_is_not_told_and_a_limit_of_nothing_is_none()
    {
        var policy = Samples.Policy(
            1,
            Samples.QosRule(QosRuleKind.BandwidthLimit, 0, 800, QosRuleKind.Egress),
            Samples.QosRule(QosRuleKind.MinimumBandwidth, 100, 0, QosRuleKind.Egress),
            Samples.QosRule(QosRuleKind.MinimumPacketRate, 100, 0, QosRuleKind.Any));
        Assert.Equal(new QosPolicyEntry(), ValueOf(policy));
    }

    [Fact]
    public void The_mark_of_the_default_class_is_a_mark()
    {
        var value = ValueOf(Samples.Policy(1, Samples.QosRule(QosRuleKind.DscpMarking, 0)));
        Assert.True(value.HasDscp);
        Assert.Equal(0u, value.Dscp);
    }

    [Fact]
    public void A_rate_that_is_more_packets_than_a_number_holds_is_the_highest_there_is()
    {
        const int most = QosRuleKind.RateMax;
        var rule = Samples.QosRule(QosRuleKind.PacketRateLimit, most, most, QosRuleKind.Egress);
        var limit = ValueOf(Samples.Policy(1, rule)).Limits.Single();
        Assert.Equal((uint.MaxValue, uint.MaxValue), (limit.Rate, limit.Burst));
    }

    [Theory]
    [InlineData(null, null, "compute:nova", null)]
    [InlineData(1, null, "compute:nova", 1)]
    [InlineData(null, 2, "compute:nova", 2)]
    [InlineData(null, 2, "", 2)]
    [InlineData(1, 2, "compute:nova", 1)]
    [InlineData(null, 2, "network:dhcp", null)]
    [InlineData(null, 2, "neutron:LOADBALANCERV2", null)]
    [InlineData(1, 2, "network:dhcp", 1)]
    public void A_binding_leads_to_the_policy_of_its_port_or_for_machines_of_its_network(
        int? own, int? ofNetwork, string owner, int? told)
    {
        var port = Samples.Port(5, 1, "host-a") with
        {
            QosPolicyId = own is { } first ? Samples.PolicyId(first) : null,
            NetworkQosPolicyId = ofNetwork is { } second ? Samples.PolicyId(second) : null,
            DeviceOwner = owner,
        };
        var entry = Projection.Of(Binding.Of(port), 2)!;
        var expected = told is { } number ? Samples.PolicyId(number) : null;
        var value = PortEntry.Parser.ParseFrom(entry.Value.Span);
        Assert.Equal(expected, value.QosPolicy.IsEmpty ? null : EntryId.Decode(value.QosPolicy));
        Assert.Equal(
            expected is null ? [] : [PartitionKey.QosPolicy(expected)],
            entry.Leads.Where(key => key == PartitionKey.QosPolicy(key.Id)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Floating_ips_their_forwardings_and_gateways_lead_to_policies_of_their_own(bool hasOne)
    {
        var policy = hasOne ? Samples.PolicyId(1) : null;
        var whole = RoutedFloatingIp.Of(Samples.FloatingIp(1, 9, 3, 5) with { QosPolicyId = policy })!;
        var part = RoutedPortForwarding.AllOf(Samples.ForwardingIp(2, 9, 3, 5) with { QosPolicyId = policy }).Single();
        var router = Samples.Router(3) with
        {
            Gateway = Samples.Gateway(Samples.GatewayPort(9, 9, 3)) with { QosPolicyId = policy },
        };
        var (ip, forwarding, leading) = (
            Projection.Of(whole, 2)!, Projection.Of(part, 2)!, Projection.Of(router, 2)!);
        Require(policy, FloatingIpEntry.Parser.ParseFrom(ip.Value.Span).QosPolicy, ip);
        Require(policy, PortForwardingEntry.Parser.ParseFrom(forwarding.Value.Span).QosPolicy, forwarding);
        Require(policy, RouterEntry.Parser.ParseFrom(leading.Value.Span).Gateway.QosPolicy, leading);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_network_tells_its_policy_if_routers_have_their_gateways_there(bool isExternal)
    {
        var network = Samples.Network(1) with
        {
            QosPolicyId = Samples.PolicyId(1),
            Shares = isExternal ? [new Share(ShareAction.AsExternal, Share.Everybody)] : [],
        };
        Assert.Equal(isExternal, network.IsExternal);
        var entry = Projection.Of(network, 2)!;
        Require(
            isExternal ? Samples.PolicyId(1) : null, NetworkEntry.Parser.ParseFrom(entry.Value.Span).QosPolicy, entry);
    }

    private static void Require(string? policy, ByteString told, GoalEntry entry)
    {
        Assert.Equal(policy, told.IsEmpty ? null : EntryId.Decode(told));
        Assert.Equal(
            policy is null ? [] : [PartitionKey.QosPolicy(policy)],
            entry.Leads.Where(key => key == PartitionKey.QosPolicy(key.Id)));
    }

    private static QosPolicyEntry ValueOf(QosPolicy policy) =>
        QosPolicyEntry.Parser.ParseFrom(Projection.Of(policy, 1)!.Value.Span);
}
