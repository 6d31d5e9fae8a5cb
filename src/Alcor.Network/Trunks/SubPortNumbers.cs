using System.Buffers.Binary;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network.Ports;

namespace Alcor.Network.Trunks;

/// <summary>
/// Numbers that tell the subports of a host apart, as one decision gives them: a subport has no interface of its own
/// that its host could know it by.
/// </summary>
internal sealed class SubPortNumbers(DecideContext context)
{
    private readonly Dictionary<string, HashSet<uint>> taken = [];

    /// <summary>
    /// A port with the number that it has where it is now; one that is no subport, or on no host, has none. Where none
    /// is left, a subport is not bound.
    /// </summary>
    /// <param name="earlier">Where the host is the same, so is the number.</param>
    public Port Number(Port port, Port earlier)
    {
        if (port.Trunk is not { IsSubport: true, Vlan: > 0 } trunk)
            return port;
        if (!port.IsBound)
            return With(0);
        if (earlier.IsBound && earlier.HostId == port.HostId && earlier.Trunk is { Number: > 0 and var kept })
            return With(kept);
        return Free(port) is { } free ? With(free) : With(0) with { TunnelAddress = null };

        Port With(uint number) => trunk.Number == number ? port : port with { Trunk = trunk with { Number = number } };
    }

    /// <summary>The first free one behind one of the port's own: two that look at once seldom meet.</summary>
    private uint? Free(Port port)
    {
        if (!taken.TryGetValue(port.HostId, out var numbers))
        {
            numbers =
            [
                .. context.Partition(PartitionKey.Host(port.HostId)).All(Binding.Type)
                    .Select(binding => binding.Carriage?.Number).OfType<uint>(),
            ];
            taken.Add(port.HostId, numbers);
        }
        Span<byte> id = stackalloc byte[16];
        Guid.Parse(port.Id).TryWriteBytes(id);
        var start = BinaryPrimitives.ReadUInt32LittleEndian(id[12..]) % SubPortCarriage.NumberMax;
        for (var i = 0u; i < SubPortCarriage.NumberMax; i++)
        {
            var number = 1 + (start + i) % SubPortCarriage.NumberMax;
            if (numbers.Add(number))
                return number;
        }
        return null;
    }
}
