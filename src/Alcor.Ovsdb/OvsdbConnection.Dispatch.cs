using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Alcor.Ovsdb;

public sealed partial class OvsdbConnection
{
    /// <summary>
    /// Watches columns of tables (section 4.1.5, or <c>monitor_cond</c> where the server has it). The first contents
    /// and then every change are given to <paramref name="receive"/>, one after the other, on the reading loop: it must
    /// be quick and not wait. Nothing is queued, so a slow receiver slows the server down instead of filling memory.
    /// </summary>
    /// <returns>After the first contents have been received.</returns>
    public async Task<OvsdbMonitor> MonitorAsync(
        OvsdbSchema schema,
        ImmutableArray<OvsdbMonitorTable> tables,
        Action<OvsdbUpdate> receive,
        CancellationToken cancellation)
    {
        var sink = new MonitorSink(new OvsdbUpdateReader(schema, tables), receive);
        try
        {
            return await MonitorAsync("monitor_cond", schema.Name, tables, sink, cancellation);
        }
        catch (OvsdbRemoteException error) when (error.Error == "unknown method")
        {
            return await MonitorAsync("monitor", schema.Name, tables, sink, cancellation);
        }
    }

    /// <summary>Ends a monitor (section 4.1.7); no update of it is received afterwards.</summary>
    public async Task CancelMonitorAsync(OvsdbMonitor monitor, CancellationToken cancellation)
    {
        await CallAsync("monitor_cancel", writer => writer.WriteStringValue(monitor.Id), null, cancellation);
        lock (gate) monitors.Remove(monitor.Id);
    }

    private async Task<OvsdbMonitor> MonitorAsync(
        string method,
        string database,
        ImmutableArray<OvsdbMonitorTable> tables,
        MonitorSink sink,
        CancellationToken cancellation)
    {
        var id = "monitor-" + Interlocked.Increment(ref lastId).ToString(CultureInfo.InvariantCulture);
        void Receive(JsonElement answer)
        {
            lock (gate) monitors[id] = sink;
            sink.Receive(sink.Reader.Read(answer, isInitial: true, isCompact: method == "monitor_cond"));
        }

        await CallAsync(method, writer => WriteMonitor(writer, database, id, tables), Receive, cancellation);
        return new OvsdbMonitor(id);
    }

    private static void WriteMonitor(
        Utf8JsonWriter writer, string database, string id, ImmutableArray<OvsdbMonitorTable> tables)
    {
        writer.WriteStringValue(database);
        writer.WriteStringValue(id);
        writer.WriteStartObject();
        foreach (var table in tables)
        {
            writer.WriteStartArray(table.Table);
            writer.WriteStartObject();
            writer.WriteStartArray("columns");
            foreach (var column in table.Columns) writer.WriteStringValue(column);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void Dispatch(JsonElement message)
    {
        if (OvsdbJson.Member(message, "method") is not { } method)
        {
            Answer(message);
            return;
        }

        var parameters = OvsdbJson.Required(message, "params");
        switch (OvsdbJson.Text(method))
        {
            case "update": Update(parameters, isCompact: false); break;
            case "update2": Update(parameters, isCompact: true); break;
            case "echo": Reply(message, parameters, null); break;
            default: Reply(message, null, "unknown method"); break;
        }
    }

    private void Answer(JsonElement message)
    {
        // The server answers a message that it cannot parse with a null id: ours must have been wrong.
        if (OvsdbJson.Member(message, "id") is not { } id)
            throw new OvsdbFormatException("An answer without an id came.");
        var number = OvsdbJson.Integer(id);
        Request? request;
        lock (gate) requests.TryGetValue(number, out request);
        // None: the caller has cancelled, or this is the answer to a keep-alive.
        if (request is null) return;
        Complete(request, message);
        // Only now: a malformed answer ends the session, which must find this request to fail it.
        lock (gate) requests.Remove(number);
    }

    private static void Complete(Request request, JsonElement message)
    {
        if (OvsdbJson.Member(message, "error") is { } error)
        {
            request.Answer.TrySetException(RemoteError(request.Method, error));
            return;
        }

        if (OvsdbJson.Find(message, "result") is not { } result)
            throw new OvsdbFormatException("An answer without a result came.");
        request.Receive?.Invoke(result);
        request.Answer.TrySetResult(request.Receive is null ? result.Clone() : default);
    }

    private static OvsdbRemoteException RemoteError(string method, JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object) return new(method, OvsdbJson.Text(error), null);
        var tag = OvsdbJson.Text(OvsdbJson.Required(error, "error"));
        return new(method, tag, OvsdbJson.Member(error, "details") is { } text ? OvsdbJson.Text(text) : null);
    }

    private void Update(JsonElement parameters, bool isCompact)
    {
        var items = OvsdbJson.Items(parameters).ToArray();
        if (items.Length != 2) throw new OvsdbFormatException("An update has two parameters.");
        MonitorSink? sink;
        lock (gate) sink = monitors.GetValueOrDefault(OvsdbJson.Text(items[0]));
        sink?.Receive(sink.Reader.Read(items[1], isInitial: false, isCompact));
    }

    private void Reply(JsonElement request, JsonElement? result, string? error)
    {
        // A notification wants no answer.
        if (OvsdbJson.Member(request, "id") is not { } id) return;
        var message = OvsdbJson.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("id");
            WriteRaw(writer, id);
            writer.WritePropertyName("result");
            WriteRaw(writer, result);
            writer.WriteString("error", error);
            writer.WriteEndObject();
        });
        if (!outgoing.Writer.TryWrite(message.WrittenMemory)) Lose("the server does not read", null);
    }

    private static void WriteRaw(Utf8JsonWriter writer, JsonElement? value)
    {
        if (value is { } element) writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);
        else writer.WriteNullValue();
    }
}
