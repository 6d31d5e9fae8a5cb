using System.Text;

namespace Alcor.OpenFlow;

/// <summary>What has become of a packet so far, on all its ways.</summary>
internal sealed class ForwardingRecord
{
    private readonly StringBuilder trace = new();

    public List<SwitchOutput> Outputs { get; } = [];

    public List<PacketInEvent> PacketIns { get; } = [];

    /// <summary>How deep the present way stands in others.</summary>
    public int Indent { get; set; }

    public (int Outputs, int PacketIns) Position => (Outputs.Count, PacketIns.Count);

    /// <summary>Takes back what has gone out since.</summary>
    public void Withdraw((int Outputs, int PacketIns) start)
    {
        Outputs.RemoveRange(start.Outputs, Outputs.Count - start.Outputs);
        PacketIns.RemoveRange(start.PacketIns, PacketIns.Count - start.PacketIns);
    }

    public void Tell(int depth, string line) => trace.Append(' ', 2 * (Indent + depth)).Append(line).Append('\n');

    public ForwardingResult Result(PipelineState final) =>
        new(Outputs.ToValueList(), PacketIns.ToValueList(), final, trace.ToString());
}
