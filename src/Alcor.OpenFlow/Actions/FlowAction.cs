namespace Alcor.OpenFlow;

/// <summary>
/// One action on a packet (OpenFlow 1.4.1 section 7.2.5, and Nicira extensions). <c>ToString</c> writes what
/// <c>ovs-ofctl</c> does. The cases are the nested records; there are no others.
/// </summary>
public abstract partial record FlowAction
{
    private FlowAction()
    {
    }

    /// <summary>
    /// To a port. <paramref name="MaxLength"/> counts the bytes sent to CONTROLLER, else it means nothing.
    /// </summary>
    public sealed record Output(uint Port, ushort MaxLength = 0) : FlowAction
    {
        public override string ToString() => Port switch
        {
            Ports.Controller => $"CONTROLLER:{MaxLength}",
            >= Ports.Max => Ports.Text(Port),
            _ => $"output:{Port}",
        };
    }

    /// <summary>Through a group.</summary>
    public sealed record Group(uint Id) : FlowAction
    {
        public override string ToString() => $"group:{Id}";
    }

    /// <summary>
    /// Writes the bits under the mask; without one OFPAT_SET_FIELD, with one NXAST_REG_LOAD2, as OpenFlow before 1.5
    /// knows no mask here.
    /// </summary>
    public sealed record SetField : FlowAction
    {
        public SetField(Field field, UInt128 value)
            : this(field, value, field?.Ones ?? 0)
        {
        }

        /// <exception cref="ArgumentException">The mask is zero, or mask or value are wider than the field.</exception>
        public SetField(Field field, UInt128 value, UInt128 mask)
        {
            ArgumentNullException.ThrowIfNull(field);
            if (mask == 0 || (mask & ~field.Ones) != 0)
                throw new ArgumentException("mask of no or too many bits", nameof(mask));
            if ((value & ~mask) != 0)
                throw new ArgumentException($"value of {field.Name} outside its mask", nameof(value));
            Field = field;
            Value = value;
            Mask = mask;
        }

        public SetField(Field field, MacAddress address)
            : this(field, address.Value)
        {
        }

        public SetField(Field field, Ipv4Address address)
            : this(field, address.Value)
        {
        }

        public SetField(Field field, Ipv6Address address)
            : this(field, address.Value)
        {
        }

        public Field Field { get; }

        public UInt128 Value { get; }

        public UInt128 Mask { get; }

        public override string ToString() => $"set_field:{MatchText.Value(Field, Value, Mask)}->{Field.Name}";
    }

    /// <summary>NXAST_REG_MOVE: copies bits; both sides are of one width.</summary>
    public sealed record Move : FlowAction
    {
        /// <exception cref="ArgumentException">The widths differ.</exception>
        public Move(Subfield source, Subfield target)
        {
            if (source.Width != target.Width) throw new ArgumentException("widths differ", nameof(target));
            Source = source;
            Target = target;
        }

        public Subfield Source { get; }

        public Subfield Target { get; }

        public override string ToString() => $"move:{Source}->{Target}";
    }

    /// <summary>NXAST_REG_LOAD: writes at most 64 bits.</summary>
    public sealed record Load : FlowAction
    {
        /// <exception cref="ArgumentException">The target is wider than 64 bits or too narrow for the
        /// value.</exception>
        public Load(Subfield target, ulong value)
        {
            if (target.Width > 64) throw new ArgumentException("load writes at most 64 bits", nameof(target));
            if ((value & ~target.Ones) != 0) throw new ArgumentException("value wider than its target", nameof(value));
            Target = target;
            Value = value;
        }

        public Subfield Target { get; }

        public ulong Value { get; }

        public override string ToString() => $"load:{MatchText.AlternateHex(Value)}->{Target}";
    }

    /// <summary>NXAST_RESUBMIT_TABLE: runs a table as a subroutine, then goes on here.</summary>
    public sealed record Resubmit(byte Table) : FlowAction
    {
        public override string ToString() => $"resubmit(,{Table})";
    }

    /// <summary>
    /// NXAST_OUTPUT_REG: to the port whose number stands in the bits; to no port when there is none of it.
    /// </summary>
    public sealed record OutputRegister(Subfield Port) : FlowAction
    {
        public override string ToString() => $"output:{Port}";
    }

    /// <summary>
    /// NXAST_CHECK_PKT_LARGER: sets a bit when the packet is longer than <see cref="Length"/> bytes, else clears it.
    /// </summary>
    public sealed record CheckPacketLarger : FlowAction
    {
        /// <exception cref="ArgumentException">The target is more than one bit.</exception>
        public CheckPacketLarger(ushort length, Subfield target)
        {
            if (target.Width != 1) throw new ArgumentException("the answer is one bit", nameof(target));
            Length = length;
            Target = target;
        }

        /// <summary>Of the whole frame.</summary>
        public ushort Length { get; }

        public Subfield Target { get; }

        public override string ToString() => $"check_pkt_larger({Length})->{Target}";
    }

    public sealed record PushVlan(ushort EthType = 0x8100) : FlowAction
    {
        public override string ToString() => $"push_vlan:0x{EthType:x4}";
    }

    public sealed record PopVlan : FlowAction
    {
        public override string ToString() => "pop_vlan";
    }

    /// <summary>A packet whose TTL would become zero goes no further.</summary>
    public sealed record DecrementTtl : FlowAction
    {
        public override string ToString() => "dec_ttl";
    }

    /// <summary>
    /// A well-formed action that this library has no name for, with the bytes after its length: what others programmed
    /// can be dumped, shown and written back.
    /// </summary>
    public sealed record Opaque(ushort Type, ValueList<byte> Body) : FlowAction
    {
        public override string ToString() => $"opaque:{Type}:{Convert.ToHexStringLower(Body.AsSpan())}";
    }

    /// <summary>To every controller, with the reason "action"; the whole packet unless told otherwise.</summary>
    public static FlowAction ToController(ushort maxLength = ushort.MaxValue) =>
        new Output(Ports.Controller, maxLength);
}
