using System.Collections.Immutable;
using Alcor.Kernel.Store;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.GoalState;

/// <summary>
/// One whole value that hosts must know, or its absence, with the bytes that say so. The bytes are made here, once, and
/// every message to every host that carries the entry contains these.
/// </summary>
/// <remarks>
/// A protobuf message is the concatenation of its fields, so <see cref="Encoded"/> is the complete <c>entries</c>
/// field of a PartitionUpdate, tag and length included: an update is a header followed by such pieces.
/// </remarks>
public sealed class GoalEntry
{
    private readonly int valueLength;

    private GoalEntry(
        EntryKey key, long revision, ImmutableArray<PartitionKey> leads, byte[] encoded, int valueLength)
    {
        (Key, Revision, Leads, Encoded) = (key, revision, leads, encoded);
        this.valueLength = valueLength;
    }

    public EntryKey Key { get; }

    /// <summary>The revision, of the partition, of the resource that this was projected from.</summary>
    public long Revision { get; }

    public bool Removed => valueLength < 0;

    /// <summary>The partitions that whoever must know this entry must know too, each once. They follow from its
    /// value.</summary>
    public ImmutableArray<PartitionKey> Leads { get; }

    /// <summary>The field <c>entries</c> of a PartitionUpdate.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The encoded message that the kind names; empty when removed. The last field of an entry is its
    /// value.</summary>
    public ReadOnlyMemory<byte> Value => Removed ? default : Encoded[^valueLength..];

    public static GoalEntry Present(
        EntryKey key, long revision, IMessage value, params ImmutableArray<PartitionKey> leads)
    {
        var bytes = value.ToByteString();
        var entry = Header(key, revision);
        entry.Value = bytes;
        return new GoalEntry(key, revision, leads, Encode(entry), bytes.Length);
    }

    public static GoalEntry Absent(EntryKey key, long revision)
    {
        var entry = Header(key, revision);
        entry.Removed = true;
        return new GoalEntry(key, revision, leads: [], Encode(entry), valueLength: -1);
    }

    /// <summary>Whether a host that knows one learns nothing from the other: all but the revision is the
    /// same.</summary>
    public bool SaysTheSameAs(GoalEntry other) =>
        Key == other.Key && Removed == other.Removed && Value.Span.SequenceEqual(other.Value.Span);

    private static Entry Header(EntryKey key, long revision) => new()
    {
        Kind = key.Kind,
        Id = ByteString.CopyFrom(key.Id.ToByteArray(bigEndian: true)),
        Revision = (ulong)revision,
    };

    private static byte[] Encode(Entry entry)
    {
        var size = entry.CalculateSize();
        var bytes = new byte[1 + CodedOutputStream.ComputeLengthSize(size) + size];
        using var output = new CodedOutputStream(bytes);
        output.WriteTag(PartitionUpdate.EntriesFieldNumber, WireFormat.WireType.LengthDelimited);
        output.WriteMessage(entry);
        output.CheckNoSpaceLeft();
        return bytes;
    }
}
