using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Alcor.Kernel.Addresses;

/// <summary>An immutable set of addresses of one version of IP, made of blocks and taken apart into blocks.</summary>
public sealed class BlockSet
{
    private readonly ImmutableArray<Range> ranges;
    private readonly AddressFamily family;

    private BlockSet(ImmutableArray<Range> ranges, AddressFamily family) =>
        (this.ranges, this.family) = (ranges, family);

    public bool IsEmpty => ranges.IsEmpty;

    /// <summary>The fewest blocks that are the set, in order of address.</summary>
    public IEnumerable<IPNetwork> Blocks => ranges.SelectMany(BlocksOf);

    /// <param name="blocks">All of one version of IP; they may overlap.</param>
    public static BlockSet Of(IEnumerable<IPNetwork> blocks)
    {
        var families = new HashSet<AddressFamily>();
        var merged = new List<Range>();
        foreach (var block in blocks.OrderBy(block => block.FirstNumber()))
        {
            families.Add(block.BaseAddress.AddressFamily);
            var range = new Range(block.FirstNumber(), block.LastNumber());
            if (merged.Count > 0 && merged[^1].Reaches(range.First))
                merged[^1] = merged[^1] with { Last = UInt128.Max(merged[^1].Last, range.Last) };
            else
                merged.Add(range);
        }
        Invariant.Require(families.Count <= 1, "the blocks of a set are of one version of IP");
        return new BlockSet([.. merged], families.FirstOrDefault(AddressFamily.InterNetwork));
    }

    public bool Contains(BlockSet other) => other.ranges.All(
        inner => ranges.Any(outer => outer.First <= inner.First && inner.Last <= outer.Last));

    public bool Contains(IPNetwork block) => Contains(Of([block]));

    public bool Overlaps(BlockSet other) => other.ranges.Any(
        one => ranges.Any(two => one.First <= two.Last && two.First <= one.Last));

    public bool Overlaps(IPNetwork block) => Overlaps(Of([block]));

    public BlockSet Except(BlockSet other) =>
        new([.. other.ranges.Aggregate<Range, IEnumerable<Range>>(ranges, (left, cut) => left.SelectMany(cut.CutFrom))],
            family);

    /// <summary>The largest blocks that begin where the last one ended, up to the end of the range.</summary>
    private IEnumerable<IPNetwork> BlocksOf(Range range)
    {
        var first = range.First;
        var bits = first.ToAddress(family).Bits();
        while (true)
        {
            var hostBits = Math.Min(bits, (int)UInt128.TrailingZeroCount(first));
            while (LastOf(first, hostBits) > range.Last)
                hostBits--;
            yield return new IPNetwork(first.ToAddress(family), bits - hostBits);
            if (LastOf(first, hostBits) == range.Last)
                yield break;
            first = LastOf(first, hostBits) + 1;
        }
    }

    private static UInt128 LastOf(UInt128 first, int hostBits) => first | AddressNumbers.HostMask(hostBits);

    private readonly record struct Range(UInt128 First, UInt128 Last)
    {
        /// <summary>Whether a number is in it or follows it.</summary>
        public bool Reaches(UInt128 number) => number <= Last || number - 1 == Last;

        /// <summary>What of another range is not in this one.</summary>
        public IEnumerable<Range> CutFrom(Range other)
        {
            if (Last < other.First || other.Last < First)
            {
                yield return other;
                yield break;
            }
            if (other.First < First)
                yield return other with { Last = First - 1 };
            if (Last < other.Last)
                yield return other with { First = Last + 1 };
        }
    }
}
