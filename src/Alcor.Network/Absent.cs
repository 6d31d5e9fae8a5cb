using System.Collections.Immutable;

namespace Alcor.Network;

/// <summary>
/// Lists that most resources of a type have none of: an empty one is kept as an absent one, which takes no room in the
/// store, and is read as empty.
/// </summary>
public static class Absent
{
    public static ImmutableArray<T> OrEmpty<T>(this ImmutableArray<T> list) => list.IsDefault ? [] : list;

    public static ImmutableArray<T> OrAbsent<T>(this ImmutableArray<T> list) => list.IsEmpty ? default : list;
}
