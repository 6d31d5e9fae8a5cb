using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Alcor.Kernel.Resources;

namespace Alcor.Server.Api;

/// <summary>
/// A JSON response: written into a buffer, and sent with its length when it is complete, or in pieces as soon as it is
/// larger than <see cref="ServerLimits.ResponseBufferBytes"/>.
/// </summary>
internal sealed class ApiResponse : IDisposable
{
    private static readonly JsonWriterOptions Options = new()
    {
        // The media type says JSON: nothing needs to be safe inside HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly HttpResponse target;
    private readonly PooledBuffer buffer = new();

    public ApiResponse(HttpContext http, int status)
    {
        target = http.Response;
        target.StatusCode = status;
        target.ContentType = "application/json";
        Json = new Utf8JsonWriter(buffer, Options);
    }

    public Utf8JsonWriter Json { get; }

    /// <summary>Sends what is there if it is much.</summary>
    public ValueTask SendIfLargeAsync(CancellationToken cancellationToken) =>
        buffer.Length + Json.BytesPending < ServerLimits.ResponseBufferBytes
            ? ValueTask.CompletedTask
            : SendAsync(cancellationToken);

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        Json.Flush();
        target.BodyWriter.Write(buffer.Written);
        buffer.Clear();
        await target.BodyWriter.FlushAsync(cancellationToken);
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        Json.Flush();
        if (!target.HasStarted)
            target.ContentLength = buffer.Length;
        target.BodyWriter.Write(buffer.Written);
        await target.BodyWriter.FlushAsync(cancellationToken);
    }

    public void Dispose()
    {
        Json.Dispose();
        buffer.Dispose();
    }

    /// <summary>Answers 200 with an object that has one member.</summary>
    public static Task WriteEnvelopeAsync(HttpContext http, string envelope, Action<Utf8JsonWriter> write) =>
        WriteAsync(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName(envelope);
            write(json);
            json.WriteEndObject();
        });

    public static async Task WriteErrorAsync(HttpContext http, ApiError error)
    {
        using var response = new ApiResponse(http, error.Status);
        var json = response.Json;
        json.WriteStartObject();
        json.WriteStartObject("NeutronError");
        json.WriteString("type", error.Type);
        json.WriteString("message", error.Message);
        json.WriteString("detail", error.Detail);
        json.WriteEndObject();
        json.WriteEndObject();
        await response.CompleteAsync(http.RequestAborted);
    }

    /// <summary>Sends a document that is written by <paramref name="write"/>.</summary>
    public static async Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        using var response = new ApiResponse(http, status);
        write(response.Json);
        await response.CompleteAsync(http.RequestAborted);
    }
}
