using System.Collections.Immutable;

namespace Alcor.Kernel.Resources;

/// <summary>
/// An immutable set of numbers, kept as the runs that it consists of: a subnet filled from one end is one run however
/// many addresses are taken, and the first free number is found in logarithmic time.
/// </summary>
public sealed class NumberSet
{
    public static readonly NumberSet Empty = new(ImmutableSortedSet<Run>.Empty);

    private readonly ImmutableSortedSet<Run> runs;

    private NumberSet(ImmutableSortedSet<Run> runs) => this.runs = runs;

    public int RunCount => runs.Count;

    public bool Contains(UInt128 number) => FindRun(number) is not null;

    public NumberSet Add(UInt128 number)
    {
        if (Contains(number))
            return this;
        var left = number == 0 ? null : FindRun(number - 1);
        var right = number == UInt128.MaxValue ? null : FindRun(number + 1);
        var builder = runs;
        if (left is { } before)
            builder = builder.Remove(before);
        if (right is { } after)
            builder = builder.Remove(after);
        return new NumberSet(builder.Add(new Run(left?.First ?? number, right?.Last ?? number)));
    }

    public NumberSet Remove(UInt128 number)
    {
        if (FindRun(number) is not { } run)
            return this;
        var builder = runs.Remove(run);
        if (run.First < number)
            builder = builder.Add(new Run(run.First, number - 1));
        if (number < run.Last)
            builder = builder.Add(new Run(number + 1, run.Last));
        return new NumberSet(builder);
    }

    /// <summary>
    /// The lowest number from <paramref name="first"/> to <paramref name="last"/> that is not in the set, or null.
    /// </summary>
    public UInt128? FirstAbsent(UInt128 first, UInt128 last)
    {
        if (first > last)
            return null;
        if (FindRun(first) is not { } run)
            return first;
        return run.Last < last ? run.Last + 1 : null;
    }

    private Run? FindRun(UInt128 number)
    {
        var index = runs.IndexOf(new Run(number, number));
        var candidate = index >= 0 ? index : ~index - 1;
        return candidate >= 0 && runs[candidate].Last >= number ? runs[candidate] : null;
    }

    private readonly record struct Run(UInt128 First, UInt128 Last) : IComparable<Run>
    {
        public int CompareTo(Run other) => First.CompareTo(other.First);
    }
}
