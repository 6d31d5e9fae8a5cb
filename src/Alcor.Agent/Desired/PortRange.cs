namespace Alcor.Agent.Desired;

/// <summary>Ports of a transport protocol, both ends included.</summary>
public readonly record struct PortRange(ushort First, ushort Last)
{
    /// <summary>The range as blocks that a mask can name, the fewest there are, in order; at most 30.</summary>
    public IEnumerable<(ushort Value, ushort Mask)> Blocks()
    {
        for (int next = First; next <= Last;)
        {
            var size = next == 0 ? 1 << 16 : next & -next;
            while (next + size - 1 > Last)
                size >>= 1;
            yield return ((ushort)next, (ushort)-size);
            next += size;
        }
    }
}

/// <param name="Code">Null: any.</param>
public readonly record struct IcmpKind(byte Type, byte? Code);
