using System.Buffers.Binary;
using Alcor.Agent.Desired;
using Alcor.Protocol.V1;

namespace Alcor.Agent.Pipeline;

/// <summary>
/// A cookie says whose flow it is: 0xa1, then the kind of the owner, then the last twelve digits of the owner's id,
/// so that "0xa104" and the tail of a port's id finds that port's flows in a dump.
/// </summary>
public static class Cookies
{
    /// <summary>The byte that marks a flow as ours.</summary>
    public const ulong Ours = 0xa1UL << 56;

    public const ulong OursMask = 0xffUL << 56;

    /// <summary>Flows that are there whatever the networks are.</summary>
    public const ulong Skeleton = Ours;

    public const ulong Sentinel = Ours | 0xffUL << 48;

    public static ulong Of(EntryKey owner)
    {
        Span<byte> id = stackalloc byte[16];
        owner.Id.TryWriteBytes(id, bigEndian: true, out _);
        var tail = BinaryPrimitives.ReadUInt64BigEndian(id[8..]) & 0xffff_ffff_ffff;
        return Ours | (ulong)owner.Kind << 48 | tail;
    }

    /// <summary>What kind of entry a flow of ours is of.</summary>
    public static EntryKind KindOf(ulong cookie) => (EntryKind)(cookie >> 48 & 0xff);

    public static bool AreOurs(ulong cookie) => (cookie & OursMask) == Ours;
}
