using Alcor.Kernel.Store;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.GoalState;

/// <summary>
/// Puts a DataplaneMessage together from entries that are encoded already: a header, then their bytes as they are.
/// </summary>
public static class UpdateMessage
{
    /// <summary>A difference: whoever holds <paramref name="from"/> holds <paramref name="to"/> after it.</summary>
    public static byte[] Difference(
        PartitionKey partition, long from, long to, IReadOnlyCollection<GoalEntry> entries) =>
        Concatenate(
            new PartitionUpdate
            {
                Partition = partition.ToString(),
                FromRevision = (ulong)from,
                ToRevision = (ulong)to,
                Last = true,
            },
            entries);

    /// <summary>A piece of everything that a partition says at one revision.</summary>
    public static byte[] Piece(
        PartitionKey partition, long revision, bool last, IReadOnlyCollection<GoalEntry> entries) =>
        Concatenate(
            new PartitionUpdate
            {
                Partition = partition.ToString(),
                ToRevision = (ulong)revision,
                Snapshot = true,
                Last = last,
            },
            entries);

    private static byte[] Concatenate(PartitionUpdate header, IReadOnlyCollection<GoalEntry> entries)
    {
        var start = header.ToByteArray();
        var length = start.Length + entries.Sum(entry => entry.Encoded.Length);
        var prefix = 1 + CodedOutputStream.ComputeLengthSize(length);
        var message = new byte[prefix + length];
        using (var output = new CodedOutputStream(message))
        {
            output.WriteTag(DataplaneMessage.UpdateFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteLength(length);
        }
        start.CopyTo(message, prefix);
        var at = prefix + start.Length;
        foreach (var entry in entries)
        {
            entry.Encoded.CopyTo(message.AsMemory(at));
            at += entry.Encoded.Length;
        }
        return message;
    }
}
