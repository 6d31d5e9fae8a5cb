using System.Text;

namespace Alcor.OpenFlow;

/// <summary>What has become of a packet so far, on all its ways.</summary>
internal sealed class ForwardingRecord
{
    private readonly StringBuilder trace = new();

    public List<SwitchOutput> Outputs { get; } = [];

    public List<PacketInEvent> PacketIns { get; } = [];

    public List<TableVisit> Visits { get; } = [];

    /// <summary>How deep the present way stands in others.</summary>
    public int Indent { get; set; }

    public (int Outputs, int PacketIns) Position => (Outputs.Count, PacketIns.Count);

    /// <summary>Takes back what has gone out since.</summary>
    public void Withdraw((int Outputs, int PacketIns) start)
    {
        Outputs.RemoveRange(start.Outputs, Outputs.Count - start.Outputs);
        PacketIns.RemoveRange(start.PacketIns, PacketIns.Count - start.PacketIns);
    }

    public void Visit(int depth, byte table, Flow? flow, PipelineState state)
    {
        Visits.Add(new TableVisit(Indent + depth, table, flow, state.Copy()));
        Tell(depth, flow is null ? $"table={table} no match" : table == 0 ? $"table=0, {flow}" : flow.ToString());
    }

    public void Tell(int depth, string line) => trace.Append(' ', 2 * (Indent + depth)).Append(line).Append('\n');

    public ForwardingResult Result(PipelineState final) =>
        new(Outputs.ToValueList(), PacketIns.ToValueList(), final, trace.ToString())
        {
            Visits = Visits,
        };
}
