using Alcor.Protocol;
using Alcor.Protocol.V1;
using Google.Protobuf;

namespace Alcor.GoalState;

/// <summary>
/// Names an entry within its partition. Ordered by kind first, so that a whole table comes in the order in which its
/// entries lean on each other: network, subnets, neighbours; a security group, its rules, its members.
/// </summary>
public readonly record struct EntryKey(EntryKind Kind, Guid Id) : IComparable<EntryKey>
{
    /// <exception cref="FormatException"><paramref name="id"/> is not a UUID in its hyphenated form.</exception>
    public static EntryKey Parse(EntryKind kind, string id) => new(kind, Guid.ParseExact(id, "D"));

    /// <exception cref="FormatException">There are not exactly 16 bytes.</exception>
    public static EntryKey Read(EntryKind kind, ByteString id) => Parse(kind, EntryId.Decode(id));

    public int CompareTo(EntryKey other)
    {
        var byKind = Kind.CompareTo(other.Kind);
        return byKind != 0 ? byKind : Id.CompareTo(other.Id);
    }

    public static bool operator <(EntryKey left, EntryKey right) => left.CompareTo(right) < 0;

    public static bool operator >(EntryKey left, EntryKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(EntryKey left, EntryKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EntryKey left, EntryKey right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Kind}/{Id:D}";
}
