using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.Agent.Tests.World;

/// <summary>Messages that are well-formed for the wire and make little sense otherwise.</summary>
internal static class Noise
{
    public static DataplaneMessage Message(Random random) => random.Next(10) switch
    {
        0 => new DataplaneMessage(),
        1 => Say.Dropped(Partition(random)),
        2 => Say.Synchronized(),
        _ => Say.Message(Update(random)),
    };

    private static PartitionUpdate Update(Random random)
    {
        var update = new PartitionUpdate
        {
            Partition = Partition(random),
            FromRevision = (ulong)random.Next(3),
            ToRevision = (ulong)random.Next(4),
            Snapshot = random.Next(4) > 0,
            Last = random.Next(4) > 0,
        };
        for (var i = random.Next(6); i > 0; i--)
            update.Entries.Add(Entry(random));
        return update;
    }

    private static string Partition(Random random) => random.Next(8) switch
    {
        0 => "",
        1 => "network/",
        2 => "network/nonsense",
        3 => "router/" + Say.Id(1),
        4 or 5 => Say.HostPartition,
        _ => Say.NetworkPartition(random.Next(1, 3)),
    };

    private static Entry Entry(Random random)
    {
        var kind = (EntryKind)random.Next(7);
        var entry = new Entry { Kind = kind, Id = Say.Bytes(random.Next(1, 4)), Removed = random.Next(5) == 0 };
        if (random.Next(30) == 0)
            entry.Id = ByteString.CopyFrom(new byte[random.Next(20)]);
        entry.Value = random.Next(3) == 0 ? Bytes(random, random.Next(40)) : Value(random, kind);
        return entry;
    }

    private static ByteString Value(Random random, EntryKind kind) => kind switch
    {
        EntryKind.Network => new NetworkEntry
        {
            SegmentationId = (uint)random.Next(3), Mtu = (uint)random.Next(70_000), AdminStateUp = random.Next(4) > 0,
        }.ToByteString(),
        EntryKind.Subnet => new SubnetEntry
        {
            Cidr = random.Next(2) == 0 ? "10.0.0.0/24" : "fe80::/64", EnableDhcp = random.Next(2) == 0,
            Gateway = random.Next(2) == 0 ? "" : "10.0.0.1",
        }.ToByteString(),
        EntryKind.Neighbor => new NeighborEntry
        {
            Mac = Mac(random), Addresses = { Address(random), Address(random) }, TunnelAddress = Address(random),
        }.ToByteString(),
        _ => new PortEntry
        {
            NetworkId = Say.Bytes(random.Next(1, 3)), Mac = Mac(random), AdminStateUp = random.Next(4) > 0,
            FixedIps = { new FixedIp { SubnetId = Say.Bytes(1), Address = Address(random) } },
        }.ToByteString(),
    };

    private static ulong Mac(Random random) => random.Next(8) == 0 ? ulong.MaxValue : Say.Mac(random.Next(3));

    private static ByteString Address(Random random) =>
        random.Next(4) == 0 ? Bytes(random, 16) : ByteString.CopyFrom(10, 0, 0, (byte)random.Next(4));

    private static ByteString Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }
}
