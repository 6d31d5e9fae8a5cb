using Alcor.Protocol.V1;

namespace Alcor.Agent.Desired;

/// <summary>Names an entry inside its partition.</summary>
public readonly record struct EntryKey(EntryKind Kind, Guid Id) : IComparable<EntryKey>
{
    public int CompareTo(EntryKey other) =>
        Kind != other.Kind ? Kind.CompareTo(other.Kind) : Id.CompareTo(other.Id);

    public static bool operator <(EntryKey left, EntryKey right) => left.CompareTo(right) < 0;

    public static bool operator >(EntryKey left, EntryKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(EntryKey left, EntryKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EntryKey left, EntryKey right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Kind} {Id:D}";
}

/// <summary>Names an entry among all that a host holds.</summary>
public readonly record struct EntryAddress(string Partition, EntryKey Key);
