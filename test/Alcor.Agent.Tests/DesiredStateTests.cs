using Alcor.Agent.Desired;
using Alcor.Agent.Tests.World;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Tests;

public sealed class DesiredStateTests
{
    private static readonly string Partition = Say.NetworkPartition(1);

    private readonly DesiredState _held = DesiredState.Empty
        .Apply(Say.SnapshotOf(Partition, 5, Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24"))).State;

    [Fact]
    public void A_difference_is_applied_on_exactly_the_revision_it_starts_from()
    {
        var change = _held.Apply(Say.DifferenceOf(
            Partition, 5, 7, Say.Subnet(3, "10.0.3.0/24"), Say.Removed(EntryKind.Subnet, 2)));
        Assert.Equal(UpdateOutcome.Applied, change.Outcome);
        Assert.Equal(7ul, change.State.Partitions[Partition].Revision);
        Assert.Equal([Say.Address(Partition, EntryKind.Subnet, 2), Say.Address(Partition, EntryKind.Subnet, 3)],
            change.Changed.OrderBy(address => address.Key));
        Assert.Null(change.State.Find(Say.Address(Partition, EntryKind.Subnet, 2)));
    }

    [Theory]
    [InlineData(4, 6)]
    [InlineData(6, 7)]
    [InlineData(0, 9)]
    public void A_difference_that_starts_elsewhere_is_a_gap(ulong from, ulong to)
    {
        var change = _held.Apply(Say.DifferenceOf(Partition, from, to, Say.Subnet(3, "10.0.3.0/24")));
        Assert.Equal(UpdateOutcome.Gap, change.Outcome);
        Assert.Same(_held, change.State);
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(5, 4)]
    [InlineData(4, 5)]
    public void A_difference_to_no_higher_revision_changes_nothing(ulong from, ulong to)
    {
        var change = _held.Apply(Say.DifferenceOf(Partition, from, to, Say.Subnet(3, "10.0.3.0/24")));
        Assert.Equal(UpdateOutcome.Stale, change.Outcome);
        Assert.Same(_held, change.State);
    }

    [Fact]
    public void A_difference_of_an_unknown_partition_is_a_gap()
    {
        var change = _held.Apply(Say.DifferenceOf(Say.NetworkPartition(9), 1, 2));
        Assert.Equal(UpdateOutcome.Gap, change.Outcome);
    }

    [Fact]
    public void A_snapshot_takes_effect_with_its_last_piece_and_replaces_everything()
    {
        var first = Say.SnapshotOf(Partition, 8, Say.Network(1, 100));
        first.Last = false;
        var collecting = _held.Apply(first);
        Assert.Equal(UpdateOutcome.Collecting, collecting.Outcome);
        Assert.Equal(5ul, collecting.State.Partitions[Partition].Revision);
        Assert.NotNull(collecting.State.Find(Say.Address(Partition, EntryKind.Subnet, 2)));
        var applied = collecting.State.Apply(Say.SnapshotOf(Partition, 8, Say.Subnet(3, "10.0.3.0/24")));
        Assert.Equal(UpdateOutcome.Applied, applied.Outcome);
        Assert.Equal([(EntryKind.Network, Say.Id(1)), (EntryKind.Subnet, Say.Id(3))],
            applied.State.Partitions[Partition].Entries.Keys.Order().Select(key => (key.Kind, key.Id)));
        Assert.Equal([Say.Address(Partition, EntryKind.Subnet, 2), Say.Address(Partition, EntryKind.Subnet, 3)],
            applied.Changed.OrderBy(address => address.Key));
    }

    [Fact]
    public void A_snapshot_of_another_revision_begins_anew()
    {
        var first = Say.SnapshotOf(Partition, 8, Say.Subnet(9, "10.0.9.0/24"));
        first.Last = false;
        var state = _held.Apply(first).State.Apply(Say.SnapshotOf(Partition, 9, Say.Network(1, 100))).State;
        Assert.Equal(9ul, state.Partitions[Partition].Revision);
        Assert.Single(state.Partitions[Partition].Entries);
    }

    [Fact]
    public void A_snapshot_of_a_lower_revision_changes_nothing()
    {
        var change = _held.Apply(Say.SnapshotOf(Partition, 4));
        Assert.Equal(UpdateOutcome.Stale, change.Outcome);
        Assert.Same(_held, change.State);
    }

    [Fact]
    public void A_difference_inside_a_snapshot_is_a_gap()
    {
        var first = Say.SnapshotOf(Partition, 8);
        first.Last = false;
        Assert.Equal(UpdateOutcome.Gap, _held.Apply(first).State.Apply(Say.DifferenceOf(Partition, 5, 6)).Outcome);
    }

    [Fact]
    public void A_dropped_partition_is_forgotten_and_may_come_back_lower()
    {
        var dropped = _held.Drop(Partition);
        Assert.Empty(dropped.State.Partitions);
        Assert.Equal(2, dropped.Changed.Length);
        Assert.Equal(UpdateOutcome.Applied, dropped.State.Apply(Say.SnapshotOf(Partition, 1)).Outcome);
    }

    [Fact]
    public void An_equal_snapshot_changes_no_entry()
    {
        var again = _held.Apply(Say.SnapshotOf(Partition, 6, Say.Network(1, 100), Say.Subnet(2, "10.0.0.0/24")));
        Assert.Equal(UpdateOutcome.Applied, again.Outcome);
        Assert.Empty(again.Changed);
    }

    [Fact]
    public void An_entry_that_makes_no_sense_is_held_as_such()
    {
        var change = _held.Apply(Say.DifferenceOf(Partition, 5, 6, Say.Network(1, number: 0), Say.Subnet(2, "x")));
        Assert.Equal(UpdateOutcome.Applied, change.Outcome);
        var entries = change.State.Partitions[Partition].Entries.Values;
        Assert.All(entries, held => Assert.IsType<MalformedValue>(held.Value));
    }

    [Theory]
    [InlineData("10.0.0.0/24", "slaac", false)]
    [InlineData("2001:db8::/64", "slack", false)]
    [InlineData("2001:db8::/64", "dhcpv6-stateless", true)]
    [InlineData("10.0.0.0/24", "", true)]
    public void The_mode_of_a_subnet_is_one_of_ipv6(string cidr, string mode, bool makesSense) =>
        Assert.Equal(makesSense, EntryDecoder.Decode(Say.Ipv6Subnet(2, cidr, mode)) is SubnetValue);

    [Fact]
    public void A_policy_has_a_limit_of_each_kind_and_direction_and_a_mark()
    {
        var entry = new QosPolicyEntry
        {
            Limits =
            {
                new QosLimit { Egress = true, Rate = 5, Burst = 4 }, new QosLimit { Rate = 6 },
                new QosLimit { Packets = true, Rate = 7 },
            },
        };
        var policy = Assert.IsType<QosPolicyValue>(EntryDecoder.Decode(Say.Entry(EntryKind.QosPolicy, 90, entry)));
        Assert.Equal(
            new QosLimitValue(IsEgress: true, IsPackets: false, Rate: 5, Burst: 4),
            policy.Limit(isEgress: true, isPackets: false));
        Assert.Equal(
            new QosLimitValue(IsEgress: false, IsPackets: true, Rate: 7, Burst: 0),
            policy.Limit(isEgress: false, isPackets: true));
        Assert.Null(policy.Limit(isEgress: true, isPackets: true));
        Assert.Null(policy.Dscp);
        entry.Dscp = 0;
        policy = Assert.IsType<QosPolicyValue>(EntryDecoder.Decode(Say.Entry(EntryKind.QosPolicy, 90, entry)));
        Assert.Equal((byte)0, policy.Dscp);
    }

    [Theory]
    [InlineData(1, 5u, 63u, true)]
    [InlineData(1, 5u, 64u, false)]
    [InlineData(1, 0u, 0u, false)]
    [InlineData(2, 5u, 0u, false)]
    public void A_policy_that_makes_no_sense_is_told_apart(int limits, uint rate, uint dscp, bool makesSense)
    {
        var limit = new QosLimit { Packets = true, Rate = rate };
        var entry = new QosPolicyEntry { Dscp = dscp, Limits = { Enumerable.Repeat(limit, limits) } };
        var decoded = EntryDecoder.Decode(Say.Entry(EntryKind.QosPolicy, 90, entry));
        Assert.Equal(makesSense, decoded is QosPolicyValue);
    }

    [Fact]
    public void An_entry_without_a_proper_id_is_a_gap()
    {
        var entry = Say.Network(1, 100);
        entry.Id = Google.Protobuf.ByteString.CopyFrom(1, 2, 3);
        Assert.Equal(UpdateOutcome.Gap, _held.Apply(Say.DifferenceOf(Partition, 5, 6, entry)).Outcome);
    }
}
