using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Alcor.Kernel.Resources;

namespace Alcor.Server.Api;

/// <summary>Reads a request's body as JSON: bounded, without copying what has arrived in one piece.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Options = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = ServerLimits.RequestDepthMax,
    };

    /// <summary>Hands the body to <paramref name="interpret"/>, which keeps nothing of it.</summary>
    public static async ValueTask<Result<T>> ReadAsync<T>(HttpContext http, Func<JsonElement, Result<T>> interpret)
    {
        if (http.Request.ContentLength > ServerLimits.RequestBodyBytesMax)
            return TooLarge(http);
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > ServerLimits.RequestBodyBytesMax)
            {
                reader.AdvanceTo(read.Buffer.End);
                return TooLarge(http);
            }
            if (read.IsCompleted)
                return ReadWhole(reader, read.Buffer, interpret);
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static Result<T> ReadWhole<T>(
        PipeReader reader, ReadOnlySequence<byte> body, Func<JsonElement, Result<T>> interpret)
    {
        byte[]? rented = null;
        try
        {
            if (body.IsSingleSegment)
                return Parse(body.First, interpret);
            rented = ArrayPool<byte>.Shared.Rent((int)body.Length);
            body.CopyTo(rented);
            return Parse(rented.AsMemory(0, (int)body.Length), interpret);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
            reader.AdvanceTo(body.End);
        }
    }

    /// <summary>Hands a body that is there to <paramref name="interpret"/>, which keeps nothing of it.</summary>
    public static Result<T> Parse<T>(ReadOnlyMemory<byte> body, Func<JsonElement, Result<T>> interpret)
    {
        if (body.IsEmpty)
            return ApiError.BadRequest("Resource body required");
        if (!Utf8.IsValid(body.Span))
            return Malformed("it is not UTF-8");
        try
        {
            if (HasLoneSurrogate(body.Span))
                return Malformed("an escape sequence stands for half a character");
            using var document = JsonDocument.Parse(body, Options);
            return interpret(document.RootElement);
        }
        catch (JsonException exception)
        {
            return Malformed(exception);
        }
    }

    /// <summary>Whether a \u escape names half of a surrogate pair: such a text can be parsed but not read.</summary>
    /// <exception cref="JsonException">The document is malformed.</exception>
    private static bool HasLoneSurrogate(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\\u"u8) < 0)
            return false;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = ServerLimits.RequestDepthMax });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                    reader.GetString();
            }
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static ApiError Malformed(JsonException exception)
    {
        // The message ends with the position, counted from zero; people count from one.
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var what = end < 0 ? exception.Message : exception.Message[..end];
        return exception is { LineNumber: { } line, BytePositionInLine: { } position }
            ? Malformed($"{what} Line {line + 1}, byte {position + 1}")
            : Malformed(what);
    }

    public static ApiError Malformed(string reason) =>
        ApiError.BadRequest($"Body contains invalid data: {reason.TrimEnd('.')}.");

    public static ApiError TooLarge(HttpContext http)
    {
        // The rest is not read, so the connection cannot carry another request.
        http.Response.Headers.Connection = "close";
        return new ApiError(
            413,
            "RequestEntityTooLarge",
            $"The request body is larger than {ServerLimits.RequestBodyBytesMax} bytes, the most that is allowed.");
    }
}
